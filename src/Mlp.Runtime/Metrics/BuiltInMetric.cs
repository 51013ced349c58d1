namespace Mlp;

/// <summary>A metric of the library's own: a formula, and the networks that it makes sense for.</summary>
internal sealed class BuiltInMetric : Metric
{
    private readonly OutputKinds _kinds;
    private readonly Formula _formula;

    /// <summary>Makes a metric of outputs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="higherIsBetter">The direction.</param>
    /// <param name="kinds">The outputs that the formula is for.</param>
    /// <param name="formula">Computes the value.</param>
    /// <param name="ofCounts">The same from counts of answers, where these are enough.</param>
    public BuiltInMetric(string name, bool higherIsBetter, OutputKinds kinds, Formula formula, Func<ClassCounts, double>? ofCounts = null)
        : base(name, higherIsBetter)
    {
        _kinds = kinds;
        _formula = formula;
        OfCounts = ofCounts;
    }

    /// <summary>Makes a metric of answers, for which counts of them are enough.</summary>
    public BuiltInMetric(string name, bool higherIsBetter, OutputKinds kinds, Func<ClassCounts, double> ofCounts)
        : this(name, higherIsBetter, kinds, (in predictions) => ofCounts(ClassCounts.Of(predictions)), ofCounts)
    {
    }

    /// <summary>Computes a metric.</summary>
    public delegate double? Formula(in Predictions predictions);

    /// <summary>Computes the value from counts of answers; null where these are not enough.</summary>
    public Func<ClassCounts, double>? OfCounts { get; }

    /// <inheritdoc/>
    protected internal override double? Compute(in Predictions predictions) => _formula(predictions);

    /// <inheritdoc/>
    internal override string? WhyUnfit(LossFunction loss, int outputSize) => (_kinds & Predictions.KindOf(loss, outputSize)) != 0
        ? null
        : $"is not for {outputSize} {(outputSize == 1 ? "output" : "outputs")} with {loss}";
}
