using System.Text.Json;
using System.Text.Json.Serialization;
using Mlp;

namespace MlpGenApp;

/// <summary>What a machine is made for.</summary>
public enum Duty
{
    Continuous,
    Batch,
    Standby,
}

/// <summary>What a machine's sensors say, and, where it is known, whether it failed within a day. Put your own columns here.</summary>
public sealed record Reading
{
    [Numeric]
    public float Temperature { get; init; }

    [Numeric(Missing = Missing.Median, Indicator = true)]
    public float? Vibration { get; init; }

    [Category]
    public Duty Duty { get; init; }

    [Target]
    public bool? Failed { get; init; }
}

/// <summary>Foresees failures.</summary>
[Input<Reading>]
[Dense(32, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class FailureNet;

/// <summary>Readers and writers of JSON without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Reading))]
[JsonSerializable(typeof(float))]
internal sealed partial class ServiceJson : JsonSerializerContext;
