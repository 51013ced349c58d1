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
        int? repetitions = null;
        List<string> workers = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--quick": quick = true; break;
                case "--only": only = Next(ref i); break;
                case "--output": output = Next(ref i); break;
                case "--repetitions": repetitions = int.Parse(Next(ref i), NumberStyles.None, CultureInfo.InvariantCulture); break;
                case "--worker": workers.Add(Next(ref i)); break;
                default: throw new ArgumentException($"{arguments[i]} is not an option.");
            }
        }

        Options options = new() { Quick = quick, Only = only, Output = output, Repetitions = Math.Max(1, repetitions ?? (quick ? 5 : 31)) };
        string self = $"'{Environment.ProcessPath}' worker";
        options.Workers.Add(Peak, $"{self} {Peak}");
        options.Workers.Add(MlpGen, $"{self} {MlpGen}");
        foreach (string[] pair in workers.Select(worker => worker.Split('=', 2)))
            options.Workers.Add(pair[0], pair[1]);
        return options;

        string Next(ref int i) => ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");
    }

    public bool Includes(Work work) => $"{work.Section}: {work.Name}".Contains(Only, StringComparison.OrdinalIgnoreCase);
}
