namespace Mlp;

/// <summary>Chooses among recipes of training by cross-validation.</summary>
public static class HyperparameterSearch
{
    /// <summary>Cross-validates every candidate, and says which is best.</summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <param name="data">The rows.</param>
    /// <param name="folds">How they are cut to compare candidates.</param>
    /// <param name="candidates">
    /// At least one; read once. A query is a grid: <c>from rate in new[] { 1e-3f, 1e-2f } from size in new[] { 32, 64 } select new TrainingOptions {
    /// Optimizer = new Adam(rate), BatchSize = size }</c>.
    /// </param>
    /// <param name="by">What the best is best by, in the mean over the folds and in the metric's own direction. Of equals the first is best.</param>
    /// <param name="outer">
    /// How to cut the rows to judge the search itself; null for not at all. The score of the best candidate is too good, as it was chosen by it. For every
    /// outer fold the search is made on its training rows alone, and the best there is trained on them and judged by its test rows:
    /// <see cref="SearchResult.Outer"/>.
    /// </param>
    /// <param name="progress">Is told after every network, on the threads that train, one at a time; what it throws ends the call.</param>
    /// <param name="cancellationToken">Ends the call; the exception holds what is complete.</param>
    /// <returns>The candidates, best first, and the folds of the outer cross-validation.</returns>
    /// <remarks>
    /// Folds are those of <see cref="CrossValidation"/>, in what is fitted, validated and computed at once: all candidates and folds run on all processors,
    /// with the bits of serial ones. A candidate whose training overflows in a fold is last; <see cref="SearchRow.Failure"/> says which fold it was. All else
    /// that training throws ends the search, with a text such as <c>Candidate 1, fold 3</c> under the key <c>Fold</c> of its <see cref="Exception.Data"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There are no candidates; the data cannot be cut so, or do not fit the network; a metric does not fit it; or options have
    /// <see cref="TrainingOptions.Validation"/>, callbacks or checkpoints.
    /// </exception>
    /// <exception cref="SearchCancelledException">Cancellation was requested.</exception>
    /// <exception cref="ThreadInterruptedException">The calling thread was interrupted.</exception>
    public static SearchResult Run<TNet>(
        Dataset data,
        Folds folds,
        IEnumerable<TrainingOptions> candidates,
        Metric by,
        Folds? outer = null,
        IProgress<FoldProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(data);
        return Run(() => new FoldDataset<TNet>(data), folds, candidates, by, outer, progress, cancellationToken);
    }

    /// <summary>Cross-validates every candidate on records, and says which is best. Each network is fitted to its training rows alone.</summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <typeparam name="TRecord">The record.</typeparam>
    /// <param name="rows">The records. They are read anew for every network that is fitted or judged, so they stay as they are meanwhile.</param>
    /// <param name="folds">How they are cut to compare candidates: by the classes, groups and times that the record's properties say.</param>
    /// <param name="candidates">At least one; read once.</param>
    /// <param name="by">What the best is best by, in the mean over the folds and in the metric's own direction. Of equals the first is best.</param>
    /// <param name="outer">How to cut the rows to judge the search itself; null for not at all.</param>
    /// <param name="progress">Is told after every network, on the threads that train, one at a time; what it throws ends the call.</param>
    /// <param name="cancellationToken">Ends the call; the exception holds what is complete.</param>
    /// <returns>The candidates, best first, and the folds of the outer cross-validation.</returns>
    /// <remarks>Folds are those of <see cref="CrossValidation"/> on records. All else is as for a data set.</remarks>
    /// <exception cref="ArgumentException">
    /// A row cannot be read; there are no candidates; the rows cannot be cut so, or do not fit the network; a metric does not fit it; or options have
    /// <see cref="TrainingOptions.Validation"/>, callbacks or checkpoints.
    /// </exception>
    /// <exception cref="SearchCancelledException">Cancellation was requested.</exception>
    /// <exception cref="ThreadInterruptedException">The calling thread was interrupted.</exception>
    public static SearchResult Run<TNet, TRecord>(
        IReadOnlyList<TRecord> rows,
        Folds folds,
        IEnumerable<TrainingOptions> candidates,
        Metric by,
        Folds? outer = null,
        IProgress<FoldProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where TNet : class, INetwork<TNet, TRecord>
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Run<TNet>(() => FoldRecords<TNet, TRecord>.Of(rows), folds, candidates, by, outer, progress, cancellationToken);
    }

    private static SearchResult Run<TNet>(
        Func<FoldData<TNet>> data,
        Folds folds,
        IEnumerable<TrainingOptions> candidates,
        Metric by,
        Folds? outer,
        IProgress<FoldProgress>? progress,
        CancellationToken cancellationToken)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(by);
        TrainingOptions[] all = [.. candidates];
        if (all.Length == 0)
        {
            throw new ArgumentException("There are no candidates; a search needs at least one.", nameof(candidates));
        }

        foreach (TrainingOptions? candidate in all)
        {
            ArgumentNullException.ThrowIfNull(candidate, nameof(candidates));
        }

        return new Search<TNet>(data(), folds, all, by, outer, progress, cancellationToken).Run();
    }
}
