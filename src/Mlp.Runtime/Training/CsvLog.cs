namespace Mlp;

/// <summary>Writes a line an epoch to a file of comma-separated values.</summary>
/// <remarks>
/// The columns are <c>epoch, loss, accuracy, validation_loss, validation_accuracy, learning_rate, seconds</c>, then the metrics of validation by name. What
/// is not there is empty; numbers are written as in code, whatever the machine's culture. Each line is written when its epoch ends; a run that ends before has
/// the names of the columns alone. A run that resumes from a checkpoint goes on behind the lines of that: the file ends up like that of a run that was never stopped, seconds apart.
/// </remarks>
/// <param name="path">The file. A new run replaces it.</param>
/// <exception cref="ArgumentException">The path is empty.</exception>
public sealed class CsvLog(string path) : TrainingCallback
{
    private readonly LogFile _file = new(string.IsNullOrEmpty(path) ? throw new ArgumentException("The path is empty.", nameof(path)) : path);

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnStart(TrainingContext context) => _file.Begin();

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnEpoch(TrainingContext context, EpochResult epoch) =>
        _file.Add((_file.IsEmpty ? LogColumns.CsvHeader([epoch]) : "") + LogColumns.CsvLine(epoch));

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnEnd(TrainingContext context, TrainingHistory history)
    {
        if (_file.IsEmpty)
        {
            _file.Add(LogColumns.CsvHeader([]));
        }
    }

    /// <inheritdoc/>
    public override string SaveState() => _file.Save();

    /// <inheritdoc/>
    public override void LoadState(string state) => _file.Continue(state);
}
