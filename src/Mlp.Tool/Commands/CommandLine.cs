using System.CommandLine;

namespace Mlp.Tool;

/// <summary>What the user types: commands, their options, and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>The file was refused, or could not be read or written.</summary>
    public const int Refused = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The words behind <c>mlpgen</c>.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives messages.</param>
    /// <returns>0, <see cref="Refused"/> or <see cref="Usage"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        RootCommand root = new(
            """
            Networks of MlpGen from the files of other programs, and what files hold.

            Exit codes: 0, 1 if a file is refused, 2 if the command line is wrong.
            """)
        {
            ImportCommand.Create(),
            InspectCommand.Create(),
            PredictCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(static problem => problem.Message).Distinct())
            {
                error.WriteLine($"mlpgen: {message}");
            }

            error.WriteLine("'mlpgen --help' lists the commands, 'mlpgen import --help' the options of one.");
            return Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
        {
            error.WriteLine($"mlpgen: {problem.Message}");
            return Refused;
        }
    }
}
