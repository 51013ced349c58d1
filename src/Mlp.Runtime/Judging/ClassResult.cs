namespace Mlp;

/// <summary>How well a network recognises one class, or answers one yes-or-no question.</summary>
public sealed class ClassResult
{
    internal ClassResult(string name, ClassCounts counts, int index)
    {
        Name = name;
        Precision = counts.Of(ClassCounts.Precision, index);
        Recall = counts.Of(ClassCounts.Recall, index);
        F1 = counts.Of(ClassCounts.F1, index);
        Support = counts.True[index];
    }

    /// <summary>The name of the class; its index, or that of the output, as text where there are no names.</summary>
    public string Name { get; }

    /// <summary>Of the rows that get the class, the share that have it; 0 where none gets it.</summary>
    public double Precision { get; }

    /// <summary>Of the rows that have the class, the share that get it; 0 where none has it.</summary>
    public double Recall { get; }

    /// <summary>The harmonic mean of precision and recall; 0 where no row has or gets the class.</summary>
    public double F1 { get; }

    /// <summary>The weight of rows that have the class: their number, where rows have no weights.</summary>
    public double Support { get; }

    /// <summary>
    /// Area under the ROC curve of this class against the rest: the probability that a row of the class has a higher output for it than a row of another,
    /// where equal outputs count half. Null where all rows have the class, or none has.
    /// </summary>
    public double? RocAuc { get; internal init; }

    /// <summary>Average precision over the recalls of this class: <c>Σ (Rᵢ − Rᵢ₋₁)·Pᵢ</c>. Null where no row has it.</summary>
    public double? AveragePrecision { get; internal init; }

    /// <summary>How answers change with the threshold: what ROC and precision-recall curves are drawn from. Empty where an output is NaN.</summary>
    public ThresholdCurve Curve { get; internal init; } = new();
}
