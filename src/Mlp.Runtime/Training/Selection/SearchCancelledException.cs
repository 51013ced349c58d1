namespace Mlp;

/// <summary>A search was cancelled; it holds what was complete.</summary>
public sealed class SearchCancelledException : OperationCanceledException
{
    internal SearchCancelledException(SearchResult result, CancellationToken cancellationToken)
        : base(
            $"The search was cancelled; {result.Rows.Count(static row => row.IsComplete)} of {result.Rows.Count} candidates have all their folds.",
            cancellationToken) => Result = result;

    /// <summary>The candidates with the folds that were complete, the best of those that have all of them first.</summary>
    public SearchResult Result { get; }
}
