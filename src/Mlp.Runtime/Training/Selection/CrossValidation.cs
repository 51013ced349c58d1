namespace Mlp;

/// <summary>Judges a recipe, a network's class and how it is trained, by networks that are trained on a part of the data each and judged by the rest.</summary>
public static class CrossValidation
{
    /// <summary>Key of the text in <see cref="Exception.Data"/> that names the fold, and in a search the candidate, whose training threw.</summary>
    internal const string FoldKey = "Fold";

    /// <summary>Trains and judges a network for every fold.</summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <param name="data">The rows. They are copied fold by fold.</param>
    /// <param name="folds">How they are cut.</param>
    /// <param name="options">
    /// How each network is trained, and the metrics beside loss and accuracy; null for the defaults. <see cref="TrainingOptions.Progress"/> is not called.
    /// </param>
    /// <param name="progress">
    /// Is told after every fold, on the threads that train, one at a time; what it throws ends the call. <see cref="ConsoleProgress"/> prints a line.
    /// </param>
    /// <param name="cancellationToken">Ends the call; the exception holds the folds that are complete.</param>
    /// <returns>A row a fold, and mean and deviation of every metric.</returns>
    /// <remarks>
    /// Everything that is fitted is fitted on the fold's training rows: each network is new, its seed is the options' plus the fold's number from 0, and it
    /// learns the statistics by which it standardises from these rows. Where early stopping or <see cref="ReduceOnPlateau"/> need validation, 15 % of
    /// the fold's training rows are kept for it, split as the folds are.
    /// <para>
    /// Folds run on all processors at once, each on one thread, or on as many as <see cref="TrainingOptions.Threads"/> says. The results have the bits of folds
    /// that run one after the other.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The data cannot be cut so, or do not fit the network; a metric does not fit it; or the options have <see cref="TrainingOptions.Validation"/>, which
    /// folds make themselves, or callbacks or checkpoints, which belong to one run.
    /// </exception>
    /// <exception cref="CrossValidationCancelledException">Cancellation was requested.</exception>
    /// <exception cref="NonFiniteLossException">
    /// The training of a fold overflowed; the message names the fold. All else that a fold throws is thrown on as it is, with the text <c>Fold 3</c> under the
    /// key <c>Fold</c> of its <see cref="Exception.Data"/>.
    /// </exception>
    /// <exception cref="ThreadInterruptedException">The calling thread was interrupted.</exception>
    public static FoldTable Run<TNet>(
        Dataset data, Folds folds, TrainingOptions? options = null, IProgress<FoldProgress>? progress = null, CancellationToken cancellationToken = default)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(folds);
        return Run(new FoldDataset<TNet>(data), folds, options ?? new TrainingOptions(), progress, cancellationToken);
    }

    /// <summary>Trains and judges a network over records for every fold. Each is fitted to its training rows alone.</summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <typeparam name="TRecord">The record.</typeparam>
    /// <param name="rows">The records. They are read anew for every network that is fitted or judged, so they stay as they are meanwhile.</param>
    /// <param name="folds">How they are cut: by the classes, groups and times that the record's properties say.</param>
    /// <param name="options">
    /// How each network is trained, and the metrics beside loss and accuracy; null for the defaults. <see cref="TrainingOptions.Progress"/> is not called.
    /// </param>
    /// <param name="progress">
    /// Is told after every fold, on the threads that train, one at a time; what it throws ends the call. <see cref="ConsoleProgress"/> prints a line.
    /// </param>
    /// <param name="cancellationToken">Ends the call; the exception holds the folds that are complete.</param>
    /// <returns>A row a fold, and mean and deviation of every metric.</returns>
    /// <remarks>
    /// Means, quantiles and categories are fitted to the fold's training rows; where some of these are kept for validation, to the others. A text target needs
    /// all its classes in each fold's training rows: <see cref="SplitBy.Class"/> sees to it. All else is as for a data set.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A row cannot be read; the rows cannot be cut so, or do not fit the network; a metric does not fit it; or the options have
    /// <see cref="TrainingOptions.Validation"/>, which folds make themselves, or callbacks or checkpoints, which belong to one run.
    /// </exception>
    /// <exception cref="CrossValidationCancelledException">Cancellation was requested.</exception>
    /// <exception cref="NonFiniteLossException">The training of a fold overflowed.</exception>
    /// <exception cref="ThreadInterruptedException">The calling thread was interrupted.</exception>
    public static FoldTable Run<TNet, TRecord>(
        IReadOnlyList<TRecord> rows, Folds folds, TrainingOptions? options = null, IProgress<FoldProgress>? progress = null, CancellationToken cancellationToken = default)
        where TNet : class, INetwork<TNet, TRecord>
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(folds);
        return Run(FoldRecords<TNet, TRecord>.Of(rows), folds, options ?? new TrainingOptions(), progress, cancellationToken);
    }

    private static FoldTable Run<TNet>(
        FoldData<TNet> data, Folds folds, TrainingOptions options, IProgress<FoldProgress>? progress, CancellationToken cancellationToken)
        where TNet : class, INetwork<TNet>
    {
        FoldTraining<TNet> training = new(folds, [options], also: null);
        FoldedRows rows = data.Cut(folds);
        FoldReports reports = new(progress, folds.Total);
        ParallelJobs jobs = new(training.Workers(folds.Total), cancellationToken);
        FoldResult?[] results = jobs.Run(
            folds.Total,
            (number, token) =>
            {
                (int[] train, int[] test) = rows[number];
                FoldResult result = training.Run(data.Select(train), data.Select(test), number, $"Fold {number}", options, jobs.ThreadsOfEach(options), token);
                reports.Add(result);
                return result;
            });
        FoldTable table = new(training.Metrics, [.. results.OfType<FoldResult>()]);
        return table.Folds.Count == folds.Total ? table : throw new CrossValidationCancelledException(table, folds.Total, cancellationToken);
    }
}
