namespace Mlp;

/// <summary>A cross-validation was cancelled; it holds the folds that were complete.</summary>
public sealed class CrossValidationCancelledException : OperationCanceledException
{
    internal CrossValidationCancelledException(FoldTable table, int folds, CancellationToken cancellationToken)
        : base($"Cross-validation was cancelled after {table.Folds.Count} of {folds} folds.", cancellationToken) => Table = table;

    /// <summary>The folds that were complete; perhaps none.</summary>
    public FoldTable Table { get; }
}
