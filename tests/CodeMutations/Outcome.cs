using System.Diagnostics;

namespace CodeMutations;

/// <summary>How a command of the .NET SDK ended.</summary>
/// <param name="Succeeded">Whether in time and without an error.</param>
/// <param name="TimedOut">Whether it had to be ended.</param>
/// <param name="Output">What it wrote.</param>
internal readonly record struct Outcome(bool Succeeded, bool TimedOut, string Output)
{
    // Instead of 500: most wrong programs show in the first.
    private const string RandomNetworks = "12";

    /// <summary>Runs a command.</summary>
    public static Outcome Of(TimeSpan limit, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MLPGEN_RANDOM_NETWORKS"] = RandomNetworks;
        start.Environment["DOTNET_TieredPGO"] = "0"; // Processes end before profiles pay.
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return new Outcome(ended && process.ExitCode == 0, !ended, output.Result + errors.Result);
    }
}
