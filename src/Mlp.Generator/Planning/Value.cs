namespace Mlp.Generator.Planning;

/// <summary>What a value is to its layer.</summary>
internal enum Role
{
    /// <summary>What the network sees, standardised and padded where it is.</summary>
    Input,

    /// <summary>Normalized sums.</summary>
    Normalized,

    /// <summary>What the activation gets.</summary>
    PreActivation,

    /// <summary>What the activation gives, before a residual is added.</summary>
    Activation,

    /// <summary>What the layer hands on.</summary>
    Output,

    /// <summary>Reciprocal deviations of layer normalization, one a row.</summary>
    Reciprocal,

    /// <summary>Of softmax, the largest pre-activation and the sum of the exponentials.</summary>
    Normalizer,

    /// <summary>Targets.</summary>
    Target,

    /// <summary>Smoothed or weighted targets.</summary>
    SoftTarget,

    /// <summary>Room for sums over a row.</summary>
    Terms,

    /// <summary>The loss of each row.</summary>
    Loss,

    /// <summary>Factors of dropout.</summary>
    Mask,

    /// <summary>Summands of noise.</summary>
    Noise,

    /// <summary>What the next layer sees of outputs with noise.</summary>
    Noisy,

    /// <summary>The derivative with respect to a layer's outputs.</summary>
    OutputDelta,

    /// <summary>That with respect to its pre-activations, where it is normalized.</summary>
    PreActivationDelta,

    /// <summary>That with respect to its sums.</summary>
    Delta,
}

/// <summary>Who needs a value.</summary>
internal enum Lifetime
{
    /// <summary>It lies in the caller's memory.</summary>
    Call,

    /// <summary>Prediction and training.</summary>
    Forward,

    /// <summary>Training alone.</summary>
    Training,
}

/// <summary>Something that the passes compute for each row.</summary>
/// <param name="Role">What it is to its layer.</param>
/// <param name="Layer">Number of the layer, 0 for the inputs.</param>
/// <param name="Width">Floats of a row, without padding.</param>
/// <param name="Stride">Floats from one row to the next.</param>
/// <param name="Lifetime">Who needs it.</param>
internal sealed record Value(Role Role, int Layer, int Width, int Stride, Lifetime Lifetime)
{
    /// <summary>Its name in formulas and code: <c>h1</c>. The only place where names are made.</summary>
    public string Name => Role switch
    {
        Role.Input => "x",
        Role.Normalized => $"n{Layer}",
        Role.PreActivation => $"z{Layer}",
        Role.Activation => $"a{Layer}",
        Role.Output => IsNetworkOutput ? "y" : $"h{Layer}",
        Role.Reciprocal => $"r{Layer}",
        Role.Normalizer => "s",
        Role.Target => "t",
        Role.SoftTarget => "tau",
        Role.Terms => "terms",
        Role.Loss => "rowLosses",
        Role.Mask => $"mask{Layer}",
        Role.Noise => $"noise{Layer}",
        Role.Noisy => $"noisy{Layer}",
        Role.OutputDelta => $"g{Layer}",
        Role.PreActivationDelta => $"p{Layer}",
        _ => $"d{Layer}",
    };

    /// <summary>Whether it is what the network hands on.</summary>
    public bool IsNetworkOutput { get; init; }

    /// <summary>Its name in formulas: δ1 where code has d1.</summary>
    public string Symbol => Role == Role.Delta ? $"δ{Layer}" : Name;

    /// <summary>The constant that says where it lies: <c>H1</c>.</summary>
    public string Offset => char.ToUpperInvariant(Name[0]) + Name.Substring(1);

    /// <summary>The constant with its stride: <c>H1Stride</c>.</summary>
    public string StrideName => Offset + "Stride";

    public override string ToString() => Name;
}
