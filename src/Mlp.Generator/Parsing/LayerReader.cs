using System.Globalization;
using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>The layers that the attributes of one declaration describe.</summary>
internal static class LayerReader
{
    /// <summary>More inputs or units than this are taken for a typing error.</summary>
    public const int MaxSize = 65_536;

    /// <summary>1 GiB of parameters, and two more for Adam's moments.</summary>
    public const long MaxParameters = 1L << 28;

    /// <summary>The number of input columns; null where it is missing or out of range.</summary>
    public static int? ReadInputSize(NetworkAttribute input, ProblemList problems) =>
        ReadSize(input, "size", "The network", "input columns", "it", problems);

    /// <param name="attributes">Those of the anchored declaration, in source order.</param>
    /// <param name="inputSize">Number of inputs of the first layer; null where it is not known.</param>
    /// <param name="members">Number of members of an ensemble, of which each has the last layer for itself; else 1.</param>
    /// <param name="noise">The noise of the inputs, then that behind each dense layer.</param>
    /// <param name="className">No layer can be called so.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="token">Asked once a layer.</param>
    /// <returns>At least one layer, every one with sizes and names that can be emitted.</returns>
    public static EquatableArray<LayerModel> Read(
        NetworkAttribute[] attributes,
        int? inputSize,
        int members,
        EquatableArray<NoiseModel>[] noise,
        string className,
        ProblemList problems,
        CancellationToken token)
    {
        NetworkAttribute[] dense = [.. attributes.Where(static attribute => attribute.Kind == AttributeKind.Dense)];
        if (dense.Length == 0)
        {
            return new([FallbackLayer(inputSize ?? 1)]);
        }

        string[] names = LayerNames.Read(dense, className, problems);
        LayerModel[] layers = new LayerModel[dense.Length];
        int? inputs = inputSize;
        long parameters = members > 1 ? (long)members * (inputSize ?? 1) : 0;
        for (int i = 0; i < dense.Length; i++)
        {
            token.ThrowIfCancellationRequested();
            int? units = ReadSize(dense[i], "units", Describe(i + 1), "units", "a dense layer", problems);
            bool isOutput = i == dense.Length - 1;
            LayerModel layer = ReadLayer(dense[i], i + 1, inputs, units, isOutput, problems);
            layer = ShrinkAtSigmoid(layer, before: i == 0 ? null : layers[i - 1].Activation, isOutput);
            long grown = parameters + (layer.ParameterCount * (isOutput ? members : 1));
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
                units = null;
            }

            layers[i] = layer with { Name = names[i], Noise = noise[i + 1] };
            inputs = units;
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

    /// <param name="dense">The attribute.</param>
    /// <param name="number">Its place among the dense layers, from 1.</param>
    /// <param name="inputs">Number of inputs; null where it is not known.</param>
    /// <param name="units">Number of outputs; null where it is not known.</param>
    /// <param name="isOutput">Whether the layer is the last.</param>
    /// <param name="problems">Receives what is wrong.</param>
    private static LayerModel ReadLayer(NetworkAttribute dense, int number, int? inputs, int? units, bool isOutput, ProblemList problems)
    {
        NumberSettings settings = new(dense, Describe(number), problems);
        Activation? activation = Defined<Activation>(dense.Argument<int>(1), dense.PlaceOfArgument("activation", 1), problems);
        if (activation == Activation.Softmax && !isOutput)
        {
            problems.Add(Descriptors.SoftmaxBeforeOutput, dense.PlaceOfArgument("activation", 1), Describe(number));
        }
        else if (activation == Activation.Softmax && units == 1)
        {
            problems.Add(Descriptors.SoftmaxOfOne, dense.PlaceOfArgument("units", 0), Describe(number));
        }

        bool isResidual = dense.Property<bool>("Residual") ?? false;
        if (isResidual)
        {
            CheckResidual(dense, number, inputs, units, isOutput ? activation : null, problems);
        }

        Initializer? initializer = Choice(dense, "Initializer", Initializer.Auto, problems);
        bool isAuto = initializer is null or Initializer.Auto;
        Normalization? normalization = Choice(dense, "Normalization", Normalization.None, problems);
        if (normalization == Normalization.Layer && units == 1)
        {
            problems.Add(Descriptors.LayerNormalizationOfOne, dense.PlaceOfArgument("units", 0), Describe(number));
        }

        return new LayerModel
        {
            Name = MemberNames.DefaultLayer(number),
            Inputs = inputs ?? 1,
            Outputs = units ?? 1,
            Activation = activation ?? Activation.Linear,
            Alpha = ReadAlpha(settings, activation),
            Initializer = isAuto ? ChooseInitializer(activation, inputs, units ?? 1) : initializer!.Value,
            DrawsBiases = isAuto && activation != Activation.Selu,
            InitializerScale = ReadInitializerScale(settings, initializer) ?? double.NaN,
            HasBias = dense.Property<bool>("Bias") ?? true,
            IsResidual = isResidual,
            IsFrozen = dense.Property<bool>("Frozen") ?? false,
            Normalization = normalization ?? Normalization.None,
            NormalizationEpsilon =
                settings.ReadFor("NormalizationEpsilon", NumberRange.Positive, normalization, Normalization.Layer, Normalization.Batch) ?? 1e-5,
            NormalizationMomentum =
                settings.ReadFor("NormalizationMomentum", NumberRange.PartOfOne, normalization, Normalization.Batch) ?? 0.1,
            L1 = settings.Read("L1", NumberRange.NotNegative) ?? 0,
            L2 = settings.Read("L2", NumberRange.NotNegative) ?? 0,
        };
    }

    /// <summary>Value of a property; null where it is not defined, which is reported, or not known.</summary>
    private static T? Choice<T>(NetworkAttribute attribute, string property, T unset, ProblemList problems) where T : struct, Enum =>
        attribute.IsSet(property)
            ? Defined<T>(attribute.Property<int>(property), attribute.PlaceOfProperty(property), problems)
            : unset;

    /// <param name="dense">A layer that adds its inputs to its outputs.</param>
    /// <param name="number">Its place among the dense layers, from 1.</param>
    /// <param name="inputs">Number of inputs; null where it is not known.</param>
    /// <param name="units">Number of outputs; null where it is not known.</param>
    /// <param name="outputActivation">Its activation where it is the last layer.</param>
    /// <param name="problems">Receives what is wrong.</param>
    private static void CheckResidual(
        NetworkAttribute dense, int number, int? inputs, int? units, Activation? outputActivation, ProblemList problems)
    {
        Location place = dense.PlaceOfProperty("Residual");
        if (inputs is int width && units is int height && width != height)
        {
            problems.Add(Descriptors.ResidualWidths, place, Describe(number), Format(width), Format(height));
        }

        if (outputActivation == Activation.Softmax)
        {
            problems.Add(Descriptors.ResidualOutput, place, Describe(number), $"{Activation.Softmax}", "probabilities");
        }
    }

    /// <summary>The slope or scale, 0 where the activation has none.</summary>
    private static double ReadAlpha(NumberSettings settings, Activation? activation)
    {
        NumberRange range = activation == Activation.PRelu ? NumberRange.Finite : NumberRange.NotNegative;
        double? alpha = settings.ReadFor("Alpha", range, activation, Activation.LeakyRelu, Activation.PRelu, Activation.Elu);
        return activation switch
        {
            Activation.LeakyRelu => alpha ?? 0.01,
            Activation.PRelu => alpha ?? 0.25,
            Activation.Elu => alpha ?? 1,
            _ => 0,
        };
    }

    /// <summary>The number that the initializer needs; null for its own default.</summary>
    private static double? ReadInitializerScale(NumberSettings settings, Initializer? initializer) => settings.ReadFor(
        "InitializerScale",
        initializer == Initializer.TruncatedNormal ? NumberRange.NotNegative : NumberRange.Finite,
        initializer,
        Initializer.TruncatedNormal, Initializer.Orthogonal, Initializer.Constant);

    private static Initializer ChooseInitializer(Activation? activation, int? inputs, int outputs) => activation switch
    {
        // He's numbers keep the scale in deep networks, but are too large where few inputs feed many units.
        Activation.Relu or Activation.LeakyRelu or Activation.PRelu => inputs >= outputs ? Initializer.HeUniform : Initializer.GlorotUniform,
        Activation.Elu or Activation.Gelu or Activation.GeluTanh or Activation.Silu or Activation.Mish or Activation.HardSwish =>
            Initializer.LeCunUniform,
        Activation.Selu => Initializer.LeCunNormal,
        _ => Initializer.GlorotUniform,
    };

    /// <summary>
    /// Shrinks Auto's numbers on both sides of hidden sigmoid units, whose outputs have mean 1/2 and would otherwise bias the next layer.
    /// </summary>
    private static LayerModel ShrinkAtSigmoid(LayerModel layer, Activation? before, bool isOutput)
    {
        bool isAtSigmoid = before == Activation.Sigmoid || (layer.Activation == Activation.Sigmoid && !isOutput);
        return isAtSigmoid && layer is { DrawsBiases: true, Initializer: Initializer.GlorotUniform }
            ? layer with { InitializerScale = Math.Sqrt(1 / 3.0) }
            : layer;
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

    private static LayerModel FallbackLayer(int inputs) => new()
    {
        Name = MemberNames.DefaultLayer(1),
        Inputs = inputs,
        Outputs = 1,
        Activation = Activation.Linear,
        Initializer = Initializer.GlorotUniform,
        HasBias = true,
    };
}
