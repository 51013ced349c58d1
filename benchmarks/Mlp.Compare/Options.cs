using System.Globalization;

namespace Mlp.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed class Options
{
    public const string Peak = "peak";
    public const string MlpGen = "MlpGen";

    /// <summary>Fewer repetitions and shorter turns: shows that everything works, and little more.</summary>
    public bool Quick { get; private init; }

    /// <summary>Only works whose name or section contains this.</summary>
    public string Only { get; private init; } = "";

    /// <summary>Only this number of threads; 0 for all.</summary>
    public int Threads { get; private init; }

    public int Repetitions { get; private init; }

    /// <summary>Folder of the results; null for the one named after the processor.</summary>
    public string? Output { get; private init; }

    /// <summary>The commands that start the workers, in the order of the tables' columns.</summary>
    public OrderedDictionary<string, string> Workers { get; } = [];

    /// <summary>MlpGen and the peers, without the peak.</summary>
    public IEnumerable<string> Contestants => Workers.Keys.Where(name => name != Peak);

    /// <exception cref="ArgumentException">An argument is not known, or lacks its value.</exception>
    public static Options Parse(string[] arguments)
    {
        bool quick = false;
        string only = "";
        string? output = null;
        int threads = 0;
        int? repetitions = null;
        List<string> workers = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--quick": quick = true; break;
                case "--only": only = Next(ref i); break;
                case "--output": output = Next(ref i); break;
                case "--threads": threads = Integer(Next(ref i)); break;
                case "--repetitions": repetitions = Integer(Next(ref i)); break;
                case "--worker": workers.Add(Next(ref i)); break;
                default: throw new ArgumentException($"{arguments[i]} is not an option.");
            }
        }

        Options options = new() { Quick = quick, Only = only, Output = output, Threads = threads, Repetitions = Math.Max(1, repetitions ?? (quick ? 5 : 31)) };
        string self = $"'{Environment.ProcessPath}' worker";
        options.Workers.Add(Peak, $"{self} {Peak}");
        options.Workers.Add(MlpGen, $"{self} {MlpGen}");
        foreach (string[] pair in workers.Select(worker => worker.Split('=', 2)))
            options.Workers.Add(pair[0], pair[1]);
        return options;

        static int Integer(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

        string Next(ref int i) => ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");
    }

    /// <summary>The works that are asked for, with the numbers of threads that are asked for.</summary>
    public IEnumerable<Work> Choose(IEnumerable<Work> works) =>
        from work in works
        where $"{work.Section}: {work.Name}".Contains(Only, StringComparison.OrdinalIgnoreCase)
        let chosen = Threads == 0 ? work : work with { Threads = [.. work.Threads.Where(threads => threads == Threads)] }
        where chosen.Threads.Length > 0
        select chosen;
}
