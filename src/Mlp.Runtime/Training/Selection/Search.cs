namespace Mlp;

/// <summary>A search among candidates, and one more on the training rows of every outer fold.</summary>
/// <typeparam name="TNet">The network's class.</typeparam>
internal sealed class Search<TNet> where TNet : class, INetwork<TNet>
{
    private readonly Folds _folds;
    private readonly TrainingOptions[] _candidates;
    private readonly Metric _by;
    private readonly FoldTraining<TNet> _training;
    private readonly FoldData<TNet> _data;
    private readonly FoldedRows? _outer;
    private readonly int _outerFolds;
    private readonly (FoldData<TNet> Data, FoldedRows Rows)[] _searches;
    private readonly FoldReports _reports;
    private readonly ParallelJobs _jobs;
    private readonly CancellationToken _cancellationToken;

    /// <exception cref="ArgumentException">The data cannot be cut so, options hold what belongs to a single run, or a metric does not fit.</exception>
    public Search(
        FoldData<TNet> data, Folds folds, TrainingOptions[] candidates, Metric by, Folds? outer, IProgress<FoldProgress>? progress, CancellationToken cancellationToken)
    {
        _folds = folds;
        _candidates = candidates;
        _by = by;
        _training = new FoldTraining<TNet>(folds, candidates, by);
        _data = data;
        _outer = outer is null ? null : data.Cut(outer);
        _outerFolds = outer?.Total ?? 0;
        FoldData<TNet>[] searched = [data, .. Enumerable.Range(0, _outerFolds).Select(number => data.Select(_outer![number].Train))];
        _searches = [.. searched.Select(rows => (rows, rows.Cut(folds)))];
        int inner = checked(_searches.Length * candidates.Length * folds.Total);
        _reports = new FoldReports(progress, inner + _outerFolds);
        _jobs = new ParallelJobs(_training.Workers(inner), cancellationToken);
        _cancellationToken = cancellationToken;
    }

    /// <summary>Searches.</summary>
    /// <exception cref="SearchCancelledException">Cancellation was requested.</exception>
    public SearchResult Run()
    {
        int ofSearch = _candidates.Length * _folds.Total;
        Outcome?[] inner = _jobs.Run(_searches.Length * ofSearch, (job, token) =>
        {
            (int search, int candidate, int fold) = (job / ofSearch, job % ofSearch / _folds.Total, job % _folds.Total);
            (FoldData<TNet> data, FoldedRows rows) = _searches[search];
            string name = $"Candidate {candidate}, fold {fold}{(search == 0 ? "" : $" within outer fold {search - 1}")}";
            return Train(data, rows[fold], fold, name, _candidates[candidate], token);
        });
        SearchRow[][] searches = [.. inner.Chunk(ofSearch).Select(Ranked)];
        Outcome?[] outer = _outer is null || inner.Contains(null) ? [] : _jobs.Run(
            _outerFolds, (number, token) => Train(_data, _outer[number], number, $"Outer fold {number}", searches[number + 1][0].Options, token));

        FoldTable? table = _outer is null ? null : new FoldTable(_training.Metrics, [.. outer.Select(static outcome => outcome?.Result).OfType<FoldResult>()]);
        SearchResult result = new(_by, searches[0], table);
        if (inner.Contains(null) || outer.Length < _outerFolds || outer.Contains(null))
        {
            throw new SearchCancelledException(result, _cancellationToken);
        }

        // What is wrong with the best candidate of an outer fold is wrong with the search.
        return outer.Select(static outcome => outcome?.Failure).FirstOrDefault(static failure => failure is not null) is NonFiniteLossException failure
            ? throw failure
            : result;
    }

    private Outcome Train(
        FoldData<TNet> data, (int[] Train, int[] Test) rows, int number, string name, TrainingOptions options, CancellationToken cancellationToken)
    {
        Outcome outcome;
        try
        {
            outcome = new Outcome(
                _training.Run(data.Select(rows.Train), data.Select(rows.Test), number, name, options, _jobs.ThreadsOfEach(options), cancellationToken), Failure: null);
        }
        catch (NonFiniteLossException failure)
        {
            outcome = new Outcome(Result: null, failure);
        }

        _reports.Add(outcome.Result);
        return outcome;
    }

    /// <summary>The candidates of one search, best first. Those that are not complete are last.</summary>
    private SearchRow[] Ranked(Outcome?[] outcomes)
    {
        SearchRow[] rows = new SearchRow[_candidates.Length];
        for (int candidate = 0; candidate < rows.Length; candidate++)
        {
            Outcome?[] own = outcomes[(candidate * _folds.Total)..((candidate + 1) * _folds.Total)];
            rows[candidate] = new SearchRow
            {
                Candidate = candidate,
                Options = _candidates[candidate],
                Table = new FoldTable(_training.Metrics, [.. own.Select(static outcome => outcome?.Result).OfType<FoldResult>()]),
                IsComplete = own.All(static outcome => outcome?.Result is not null),
                Failure = own.Select(static outcome => outcome?.Failure).FirstOrDefault(static failure => failure is not null),
            };
        }

        // A stable sort, and NaN is below all numbers: ties keep their order, and undefined ones are last.
        return [.. rows.OrderByDescending(static row => row.IsComplete).ThenByDescending(row => _by.HigherIsBetter ? row[_by].Mean : -row[_by].Mean)];
    }

    private sealed record Outcome(FoldResult? Result, NonFiniteLossException? Failure);
}
