using System.Text.Json;
using System.Text.Json.Serialization;
using Mlp;

namespace Server;

/// <summary>What a machine is made for.</summary>
internal enum Duty
{
    Continuous,
    Batch,
    Standby,
}

/// <summary>What a machine's sensors say, and, once it is known, whether it failed within a day.</summary>
internal sealed record Reading
{
    [Numeric]
    public float Temperature { get; init; }

    [Numeric(Missing = Missing.Median, Indicator = true)]
    public float? Vibration { get; init; }

    [Category]
    public Duty Duty { get; init; }

    [Category(Capacity = 16)]
    public string? Site { get; init; }

    [Time(Cycles.Hour)]
    public DateTime At { get; init; }

    /// <summary>Null in a question.</summary>
    [Target]
    public bool? Failed { get; init; }
}

/// <summary>What the server answers.</summary>
/// <param name="Probability">Of a failure within a day.</param>
/// <param name="Steps">Training steps since the server was started.</param>
internal sealed record Answer(float Probability, long Steps);

/// <summary>Foresees failures.</summary>
[Input<Reading>]
[Dense(32, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
internal partial class FailureNet;

/// <summary>Writers and readers of JSON without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Reading))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class ServerJson : JsonSerializerContext;
