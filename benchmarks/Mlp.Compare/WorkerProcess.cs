using System.Diagnostics;
using System.Globalization;

namespace Mlp.Compare;

/// <summary>A worker cannot do the work, has ended, or does not say what it should.</summary>
internal sealed class WorkerException(string message) : Exception(message);

/// <summary>A worker's process, for one number of threads.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="name">What the worker is called.</param>
    /// <param name="command">How the shell starts it.</param>
    /// <param name="threads">What its native libraries are told in their environment, besides what <see cref="Prepare"/> says.</param>
    public WorkerProcess(string name, string command, int threads)
    {
        Name = name;
        Threads = threads;
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec {command}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        Version = Answer("hello");
    }

    public string Name { get; }

    public string Version { get; }

    public int Threads { get; }

    /// <summary>Gets the work ready.</summary>
    /// <exception cref="WorkerException">The worker cannot do it.</exception>
    public void Prepare(Work work, string model)
    {
        string line = Ask($"prepare {work.ToLine(Threads, model)}");
        if (line != "ready")
            throw new WorkerException(After("unsupported", line));
    }

    /// <summary>Runs some iterations untimed, so that caches and threads are warm after another worker's turn, and then so many timed.</summary>
    public Turn Run(long warmUp, long iterations)
    {
        string[] words = After("seconds", Ask(string.Create(CultureInfo.InvariantCulture, $"run {warmUp} {iterations}"))).Split(' ');
        return new Turn(double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended already: there will be no answer either.
        }

        return _process.StandardOutput.ReadLine() ?? throw new WorkerException($"ended when it was asked: {line}");
    }

    private string Answer(string word) =>
        After(word, _process.StandardOutput.ReadLine() ?? throw new WorkerException("did not start"));

    private string After(string word, string line) => line.StartsWith(word + " ", StringComparison.Ordinal)
        ? line[(word.Length + 1)..]
        : throw new WorkerException($"answered '{line}' where '{word} …' was expected");
}
