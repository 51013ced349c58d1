using System.Globalization;
using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>The layers that the attributes of one declaration describe.</summary>
internal static class LayerReader
{
    /// <summary>More inputs or units than this are a slip of the finger.</summary>
    public const int MaxSize = 65_536;

    /// <summary>1 GiB of parameters, and two more for Adam's moments.</summary>
    public const long MaxParameters = 1L << 28;

    /// <summary>The number of input columns; 1 where it is missing or out of range.</summary>
    public static int ReadInputSize(NetworkAttribute input, ProblemList problems) =>
        ReadSize(input, "size", "The network", "input columns", "it", problems) ?? 1;

    /// <param name="attributes">Those of the anchored declaration, in source order.</param>
    /// <param name="inputSize">Number of inputs of the first layer.</param>
    /// <param name="className">No layer can be called so.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="token">Asked once a layer.</param>
    /// <returns>At least one layer, every one with sizes and names that can be emitted.</returns>
    public static EquatableArray<LayerModel> Read(
        NetworkAttribute[] attributes, int inputSize, string className, ProblemList problems, CancellationToken token)
    {
        NetworkAttribute[] dense = [.. attributes.Where(static attribute => attribute.Kind == AttributeKind.Dense)];
        if (dense.Length == 0)
        {
            return new([FallbackLayer(inputSize)]);
        }

        string[] names = LayerNames.Read(dense, className, problems);
        double[] dropouts = ReadDropouts(attributes, dense.Length, problems);

        LayerModel[] layers = new LayerModel[dense.Length];
        int inputs = inputSize;
        long parameters = 0;
        for (int i = 0; i < dense.Length; i++)
        {
            token.ThrowIfCancellationRequested();
            LayerModel layer = ReadLayer(dense[i], i + 1, inputs, isOutput: i == dense.Length - 1, problems);
            long grown = parameters + CountParameters(layer);
            if (grown > MaxParameters)
            {
                if (parameters <= MaxParameters)
                {
                    problems.Add(
                        Descriptors.TooManyParameters,
                        dense[i].PlaceOfArgument("units", 0),
                        Describe(i + 1), Format(grown), Format(MaxParameters));
                }

                layer = layer with { Outputs = 1 };
            }

            layers[i] = layer with { Name = names[i], Noise = NoiseOf(dropouts[i]) };
            inputs = layer.Outputs;
            parameters = grown;
        }

        return new([.. layers]);
    }

    /// <summary>How messages call the n-th dense layer.</summary>
    public static string Describe(int number) => $"Layer {Format(number)}";

    /// <summary>A number as messages write it, under every culture.</summary>
    public static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Value of an enumeration; null where it is left out or not defined, which is reported.</summary>
    public static T? Defined<T>(int? value, Location place, ProblemList problems) where T : struct, Enum
    {
        if (value is not int number)
        {
            return null;
        }

        if (Enum.IsDefined(typeof(T), number))
        {
            return (T)Enum.ToObject(typeof(T), number);
        }

        problems.Add(Descriptors.UndefinedEnumValue, place, Format(number), typeof(T).Name, string.Join(", ", Enum.GetNames(typeof(T))));
        return null;
    }

    private static LayerModel ReadLayer(NetworkAttribute dense, int number, int inputs, bool isOutput, ProblemList problems)
    {
        int? units = ReadSize(dense, "units", Describe(number), "units", "a dense layer", problems);
        Activation? activation = Defined<Activation>(dense.Argument<int>(1), dense.PlaceOfArgument("activation", 1), problems);
        if (activation == Activation.Softmax && !isOutput)
        {
            problems.Add(Descriptors.SoftmaxBeforeOutput, dense.PlaceOfArgument("activation", 1), Describe(number));
        }
        else if (activation == Activation.Softmax && units == 1)
        {
            problems.Add(Descriptors.SoftmaxOfOne, dense.PlaceOfArgument("units", 0), Describe(number));
        }

        Initializer initializer =
            Defined<Initializer>(dense.Property<int>("Initializer"), dense.PlaceOfProperty("Initializer"), problems) ?? Initializer.Auto;
        return new LayerModel
        {
            Name = MemberNames.DefaultLayer(number),
            Inputs = inputs,
            Outputs = units ?? 1,
            Activation = activation ?? Activation.Linear,
            Initializer = initializer != Initializer.Auto ? initializer
                : activation == Activation.Relu ? Initializer.HeUniform
                : Initializer.GlorotUniform,
            HasBias = dense.Property<bool>("Bias") ?? true,
        };
    }

    private static int? ReadSize(
        NetworkAttribute attribute, string parameter, string subject, string noun, string needy, ProblemList problems)
    {
        int? size = attribute.Argument<int>(0);
        Location place = attribute.PlaceOfArgument(parameter, 0);
        if (size < 1)
        {
            problems.Add(Descriptors.SizeTooSmall, place, subject, Format(size.Value), noun, needy);
            return null;
        }

        if (size > MaxSize)
        {
            problems.Add(Descriptors.SizeTooLarge, place, subject, Format(size.Value), noun, Format(MaxSize));
            return null;
        }

        return size;
    }

    /// <summary>The rate behind each dense layer, 0 where there is none.</summary>
    private static double[] ReadDropouts(NetworkAttribute[] attributes, int layerCount, ProblemList problems)
    {
        double[] rates = new double[layerCount];
        int layer = 0;
        bool follows = false;
        foreach (NetworkAttribute attribute in attributes)
        {
            if (attribute.Kind == AttributeKind.Dense)
            {
                layer++;
                follows = false;
            }
            else if (attribute.Kind == AttributeKind.Dropout)
            {
                double rate = attribute.Argument<double>(0) ?? 0;

                // The kernels compute with float, in which the largest double values below 1 are 1.
                if (!(rate >= 0 && (float)rate < 1))
                {
                    problems.Add(
                        Descriptors.DropoutRate, attribute.PlaceOfArgument("rate", 0), rate.ToString("R", CultureInfo.InvariantCulture));
                }
                else if (layer > 0)
                {
                    rates[layer - 1] = layer < layerCount ? rate : 0;
                }

                if (layer == 0)
                {
                    problems.Add(Descriptors.DropoutBeforeDense, attribute.Place);
                }
                else if (layer == layerCount)
                {
                    problems.Add(Descriptors.DropoutAfterOutput, attribute.Place, Describe(layer));
                }
                else if (follows)
                {
                    problems.Add(Descriptors.SecondDropout, attribute.Place, Describe(layer));
                }

                follows = true;
            }
        }

        return rates;
    }

    private static EquatableArray<NoiseModel> NoiseOf(double dropout) => dropout > 0 ? new([new NoiseModel(NoiseKind.Dropout, dropout)]) : default;

    private static LayerModel FallbackLayer(int inputs) => new()
    {
        Name = MemberNames.DefaultLayer(1),
        Inputs = inputs,
        Outputs = 1,
        Activation = Activation.Linear,
        Initializer = Initializer.GlorotUniform,
        HasBias = true,
    };

    private static long CountParameters(LayerModel layer) => ((long)layer.Inputs * layer.Outputs) + (layer.HasBias ? layer.Outputs : 0);
}
