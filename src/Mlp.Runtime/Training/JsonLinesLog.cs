namespace Mlp;

/// <summary>Writes a line an epoch to a file of JSON objects, one a line, with the names of <see cref="CsvLog"/>'s columns.</summary>
/// <remarks>What is not there, or no finite number, is null. Files and resumed runs are as those of <see cref="CsvLog"/>.</remarks>
/// <param name="path">The file. A new run replaces it.</param>
/// <exception cref="ArgumentException">The path is empty.</exception>
public sealed class JsonLinesLog(string path) : TrainingCallback
{
    private readonly LogFile _file = new(string.IsNullOrEmpty(path) ? throw new ArgumentException("The path is empty.", nameof(path)) : path);

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnStart(TrainingContext context) => _file.Begin();

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnEpoch(TrainingContext context, EpochResult epoch) => _file.Add(LogColumns.JsonLine(epoch));

    /// <inheritdoc/>
    public override string SaveState() => _file.Save();

    /// <inheritdoc/>
    public override void LoadState(string state) => _file.Continue(state);
}
