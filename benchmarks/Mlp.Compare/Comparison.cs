namespace Mlp.Compare;

/// <summary>Measures works with all workers in turns, so that a changing clock or a neighbour on the machine affects all of them alike.</summary>
internal sealed class Comparison(Options options, string scratch) : IDisposable
{
    /// <summary>Native pools of threads spin for some 10 ms after their work; others wait until they have stopped.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(30);

    /// <summary>Virtual processors that slept may share a core at first: in a quarter of the cases, two had the peak of one for some milliseconds.</summary>
    private const double WakingSeconds = 0.025;

    private readonly Dictionary<(string Name, int Threads), WorkerProcess> _processes = [];
    private readonly Dictionary<int, Peak> _peaks = [];

    private string _previous = "";


    /// <summary>Versions of the workers that were started, by name.</summary>
    public IReadOnlyDictionary<string, string> Versions =>
        _processes.Values.GroupBy(process => process.Name).ToDictionary(group => group.Key, group => group.First().Version);

    /// <summary>Measures a work with some of the workers.</summary>
    public List<Measurement> Measure(Work work, IReadOnlyList<string> workers)
    {
        // Code that is compiled as it runs has to warm up; another batch of the same network finds most of it warm.
        string code = $"{work.Shape} {work.Hidden} {work.Optimizer} {work.Kind}";
        double warmUp = (options.Quick ? 0.1 : 0.5) / (code == _previous ? 2 : 1);
        _previous = code;

        string model = OnnxModel.Write(work, scratch);
        List<Contestant> contestants = [];
        foreach (int threads in work.Threads)
        {
            Peak peak = PeakOf(threads);
            foreach (string worker in workers)
            {
                Try(worker, threads, () =>
                {
                    WorkerProcess process = Process(worker, threads);
                    process.Prepare(work, model);
                    contestants.Add(new Contestant(work, process, peak, Calibrate(process, warmUp)));
                });
            }
        }

        for (int repetition = 0; repetition < options.Repetitions; repetition++)
            contestants.RemoveAll(contestant => !Try(contestant.Worker, contestant.Threads, contestant.TakeTurn));

        return [.. contestants.Select(contestant => contestant.Result())];
    }

    public void Dispose()
    {
        foreach (WorkerProcess process in _processes.Values)
            process.Dispose();
    }

    // A worker that cannot do the work, or breaks down, leaves a gap in the tables, and the others go on.
    private static bool Try(string worker, int threads, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (WorkerException failure)
        {
            Console.Error.WriteLine($"    {worker}, {threads} thread(s): {failure.Message}");
            return false;
        }
    }

    private double TurnSeconds(int threads) => options.Quick ? 2e-3 : threads == 1 ? 1e-2 : 2 * WakingSeconds;

    private static void Pause(WorkerProcess process)
    {
        if (process.Threads > 1)
            Thread.Sleep(Settling);
    }

    private WorkerProcess Process(string name, int threads)
    {
        if (!_processes.TryGetValue((name, threads), out WorkerProcess? process))
        {
            process = new WorkerProcess(name, options.Workers[name], threads);
            _processes.Add((name, threads), process);
        }

        return process;
    }

    private Peak PeakOf(int threads)
    {
        if (!_peaks.TryGetValue(threads, out Peak? peak))
        {
            WorkerProcess process = Process(Options.Peak, threads);
            process.Prepare(WorkList.Compared(quick: true).First(), "none");
            peak = new Peak(process, Calibrate(process, 0.1) / TurnSeconds(threads));
            _peaks.Add(threads, peak);
        }

        return peak;
    }

    /// <summary>Runs until all is warm (compiled, allocated, its threads started), and finds how many iterations a turn takes.</summary>
    private long Calibrate(WorkerProcess process, double warmUp)
    {
        double turn = TurnSeconds(process.Threads);
        double total = 0;
        double seconds = 0;
        double iteration = double.MaxValue;

        // The first iterations are slow, with two threads above all: only a run as long as a turn says how many make one.
        for (long count = 1; total < warmUp || seconds < turn / 2; count = Math.Clamp((long)(turn / iteration), count, 2 * count))
        {
            seconds = process.Run(0, count).Seconds;
            total += seconds;
            iteration = Math.Min(iteration, seconds / count);
        }

        Pause(process);
        return Math.Max(1, (long)(turn / iteration));
    }

    /// <summary>Measures the present FMA peak of so many cores.</summary>
    private sealed class Peak(WorkerProcess process, double iterationsPerSecond)
    {
        /// <summary>Operations a second, measured for about so long.</summary>
        public double Measure(double seconds)
        {
            long iterations = (long)(seconds * iterationsPerSecond) + 1;
            long untimed = process.Threads == 1 ? iterations / 5 : (long)(WakingSeconds * iterationsPerSecond);
            return iterations * PeakWorker.FlopsPerIteration / process.Run(untimed, iterations).Seconds;
        }
    }

    /// <summary>A worker with its work prepared, and what it has measured so far.</summary>
    private sealed class Contestant(Work work, WorkerProcess process, Peak peak, long iterations)
    {
        // Another process had the caches, and threads of one's own sleep; an epoch is long enough not to notice.
        private readonly long _untimed = work.Kind == WorkKind.Epoch ? 0 : Math.Max(2, iterations / 2);

        private readonly List<double> _seconds = [];
        private readonly List<double> _peaks = [];
        private readonly List<double> _allocated = [];
        private double _peakSeconds = 1e-3;

        public string Worker => process.Name;

        public int Threads => process.Threads;

        public void TakeTurn()
        {
            double before = peak.Measure(_peakSeconds);
            Turn turn = process.Run(_untimed, iterations);
            Pause(process);
            double after = peak.Measure(_peakSeconds);
            _seconds.Add(turn.Seconds / iterations);
            _peaks.Add((before + after) / 2);
            _peakSeconds = Math.Max(1e-3, turn.Seconds / 10);
            _allocated.Add((double)turn.AllocatedBytes / iterations);
        }

        public Measurement Result() =>
            new(work, process.Name, process.Version, process.Threads, iterations, [.. _seconds], [.. _peaks], Statistics.Median([.. _allocated]));
    }
}
