namespace Mlp.Tool;

/// <summary>A network as it was found in another program's file, layer by layer, in double precision.</summary>
internal sealed class ImportedNetwork
{
    /// <summary>Number of input columns.</summary>
    public required int InputSize { get; init; }

    /// <summary>What is subtracted from each input before anything else; null where inputs are taken as they are.</summary>
    public double[]? InputMeans { get; set; }

    /// <summary>What each centred input is multiplied by, above 0; null where inputs are taken as they are.</summary>
    public double[]? InputScales { get; set; }

    /// <summary>Names of the input columns; null where there are none.</summary>
    public IReadOnlyList<string>? InputNames { get; set; }

    /// <summary>Names of the classes; null where there are none.</summary>
    public IReadOnlyList<string>? ClassNames { get; set; }

    /// <summary>The dense layers, first to last.</summary>
    public List<ImportedLayer> Layers { get; } = [];

    /// <summary>Number of outputs.</summary>
    public int OutputSize => Layers.Count == 0 ? InputSize : Layers[^1].Outputs;

    /// <summary>The loss that belongs to the output activation. Files do not say with which one a network was trained.</summary>
    public LossFunction Loss => Layers[^1].Activation switch
    {
        Activation.Softmax => LossFunction.CrossEntropy,
        Activation.Sigmoid => LossFunction.BCE,
        _ => LossFunction.MSE,
    };
}

/// <summary>A dense layer with its parameters: <c>activation(normalized(x·W + b)) + x</c>, where the last term is that of a residual layer.</summary>
internal sealed class ImportedLayer
{
    /// <summary>Name of its view and of its tensors.</summary>
    public required string Name { get; init; }

    /// <summary>Number of inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; set; }

    /// <summary>The weights [inputs × outputs].</summary>
    public required double[] Weights { get; set; }

    /// <summary>The biases [outputs]; null for a layer without.</summary>
    public double[]? Biases { get; set; }

    /// <summary>What happens to the sums before the activation.</summary>
    public Normalization Normalization { get; set; }

    /// <summary>What normalization adds to the variance.</summary>
    public double Epsilon { get; set; }

    /// <summary>What normalized sums are multiplied by [outputs]; empty without normalization.</summary>
    public double[] Gains { get; set; } = [];

    /// <summary>What is added to them after that [outputs]; empty without normalization.</summary>
    public double[] Shifts { get; set; } = [];

    /// <summary>Means of batch normalization [outputs]; empty without it.</summary>
    public double[] RunningMeans { get; set; } = [];

    /// <summary>Variances of batch normalization [outputs]; empty without it.</summary>
    public double[] RunningVariances { get; set; } = [];

    /// <summary>The activation.</summary>
    public Activation Activation { get; set; }

    /// <summary>Slope or scale of the activation, where it has one.</summary>
    public double Alpha { get; set; }

    /// <summary>Whether the inputs are added to the activated outputs.</summary>
    public bool IsResidual { get; set; }

    /// <summary>Whether the weights are a diagonal that the file does not have as a layer: the next linear map may be multiplied into it.</summary>
    public bool IsDiagonal { get; init; }

    /// <summary>Whether there are sums alone, to which a linear map or a normalization can still be added.</summary>
    public bool IsLinear => Normalization == Normalization.None && Activation == Activation.Linear && !IsResidual;
}
