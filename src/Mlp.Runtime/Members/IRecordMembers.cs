using System.ComponentModel;
using System.Data.Common;

namespace Mlp.CompilerServices;

/// <summary>
/// The documentation of generated members that take records. Nothing implements it: generated members refer to these with <c>inheritdoc</c>. Overloads have
/// names of their own here.
/// </summary>
/// <typeparam name="TRecord">The record.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRecordMembers<TRecord>
{
    /// <summary>
    /// Learns what the encoder needs (means, medians, quantiles, categories) from training rows, once. The first <c>Train</c> of rows does it by itself; call
    /// it before validation rows are encoded. Keeps nothing of the rows. Runs alone.
    /// </summary>
    /// <param name="rows">The training rows, at least one; enumerated once.</param>
    /// <exception cref="ArgumentException">A row has a value that its column refuses; nothing was changed. The message names the row and the property.</exception>
    /// <exception cref="InvalidOperationException">The network has been fitted already, or is training; nothing was changed.</exception>
    void Fit(IEnumerable<TRecord> rows);

    /// <summary>Encodes one row, as training does. May run at any time, on many threads at once; allocates nothing.</summary>
    /// <param name="row">The row. Its target, weight, group and time are not read.</param>
    /// <param name="inputs">Receives the InputSize inputs.</param>
    /// <exception cref="ArgumentException">The row has a value that its column refuses, or the span is not one row.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    void EncodeRow(TRecord row, Span<float> inputs);

    /// <summary>Encodes rows with their targets into a new data set, which also has their weights, groups and times. May run at any time.</summary>
    /// <param name="rows">The rows; enumerated once.</param>
    /// <returns>The data set, for <c>Train</c>, <c>Evaluate</c> and as validation data.</returns>
    /// <exception cref="ArgumentException">A row has a value that its column refuses. The message names the row and the property.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    Dataset EncodeRows(IEnumerable<TRecord> rows);

    /// <summary>Encodes rows that come one by one, such as a query's, into a new data set. May run at any time.</summary>
    /// <param name="rows">The rows; enumerated once.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">A row has a value that its column refuses. The message names the row and the property.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    ValueTask<Dataset> EncodeAsync(IAsyncEnumerable<TRecord> rows, CancellationToken cancellationToken = default);

    /// <summary>
    /// Predicts one row: encodes it, with the bits of training, and predicts its inputs. May run at any time, on many threads at once; allocates nothing once
    /// warm.
    /// </summary>
    /// <param name="row">The row. Its target, weight, group and time are not read.</param>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The row has a value that its column refuses.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    float PredictRecord(TRecord row);

    /// <summary>Predicts one row: encodes it, with the bits of training, and predicts its inputs. May run at any time, on many threads at once.</summary>
    /// <param name="row">The row. Its target, weight, group and time are not read.</param>
    /// <returns>The OutputSize outputs, in a new array.</returns>
    /// <exception cref="ArgumentException">The row has a value that its column refuses.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    float[] PredictRecordRow(TRecord row);

    /// <summary>How far the members of an ensemble are apart for one row, as <c>PredictSpread</c> of its inputs. May run at any time; allocates nothing once warm.</summary>
    /// <param name="row">The row. Its target, weight, group and time are not read.</param>
    /// <returns>The population deviation of the members' outputs, of several outputs its mean; in the data's units.</returns>
    /// <exception cref="ArgumentException">The row has a value that its column refuses.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    float PredictSpreadOfRecord(TRecord row);

    /// <summary>The class of one row, as <c>PredictClass</c> of its inputs. May run at any time, on many threads at once; allocates nothing once warm.</summary>
    /// <param name="row">The row. Its target, weight, group and time are not read.</param>
    /// <returns>Index of the class from 0; where the target is a bool, 1 for true.</returns>
    /// <exception cref="ArgumentException">The row has a value that its column refuses.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    int PredictClassOfRecord(TRecord row);

    /// <summary>The class of one row by name: a member of the target's enum, one of its texts, or <c>true</c> and <c>false</c>. May run at any time.</summary>
    /// <param name="row">The row. Its target, weight, group and time are not read.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The row has a value that its column refuses.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    string PredictLabelOfRecord(TRecord row);

    /// <summary>
    /// Fits the encoder unless it has been fitted, encodes the rows, and trains from where training stands, as <c>Train</c> of a data set does. Runs alone.
    /// </summary>
    /// <param name="rows">The training rows, at least one; enumerated once.</param>
    /// <param name="options">Epochs, batch size, optimizer and so on; null for their defaults. Validation data are encoded after <c>Fit</c>.</param>
    /// <param name="cancellationToken">Ends training between two batches.</param>
    /// <returns>Loss, accuracy and time of each epoch.</returns>
    /// <exception cref="ArgumentException">
    /// A row has a value that its column refuses, and the message names the row and the property; or the options do not fit. Nothing was changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network is training already; nothing was changed.</exception>
    /// <exception cref="TrainingCancelledException">Training was cancelled; the network is as of its last completed step.</exception>
    /// <exception cref="NonFiniteLossException">The loss or a parameter is NaN or infinite; the network is as of its last completed step.</exception>
    TrainingHistory TrainRows(IEnumerable<TRecord> rows, TrainingOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>One optimizer step on rows as one mini-batch, for loops of one's own and for learning beside serving. Runs alone; allocates the encoded rows.</summary>
    /// <param name="rows">The rows, at least one; enumerated once. None of their categories is masked.</param>
    /// <param name="optimizer">The optimizer. Its state stays with the network.</param>
    /// <returns>The mean loss before the update, weighted where rows have weights.</returns>
    /// <exception cref="ArgumentException">There is no row, or one has a value that its column refuses; nothing was updated.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted, or the network is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss is not finite; nothing was updated.</exception>
    float TrainStepRows(IEnumerable<TRecord> rows, Optimizer optimizer);

    /// <summary>Loss and, for classes, accuracy on rows, as <c>Evaluate</c> of their data set. May run at any time.</summary>
    /// <param name="rows">The rows, at least one; enumerated once.</param>
    /// <returns>Loss and accuracy, weighted where rows have weights.</returns>
    /// <exception cref="ArgumentException">A row has a value that its column refuses. The message names the row and the property.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    Evaluation EvaluateRows(IEnumerable<TRecord> rows);

    /// <summary>Loss, accuracy and other metrics on rows, as <c>Evaluate</c> of their data set. May run at any time.</summary>
    /// <param name="rows">The rows, at least one; enumerated once.</param>
    /// <param name="metrics">What else to compute, all different.</param>
    /// <returns>Loss, accuracy, and the metrics in <see cref="Evaluation.Metrics"/>.</returns>
    /// <exception cref="ArgumentException">A row has a value that its column refuses, or a metric does not fit the network.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    Evaluation EvaluateRowsByMetrics(IEnumerable<TRecord> rows, IReadOnlyList<Metric> metrics);

    /// <summary>A report on rows, as <c>Report</c> of their data set. May run at any time.</summary>
    /// <param name="rows">The rows, at least one; enumerated once.</param>
    /// <returns>A report of its own, which does not keep the rows.</returns>
    /// <exception cref="ArgumentException">A row has a value that its column refuses. The message names the row and the property.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    object ReportRows(IEnumerable<TRecord> rows);

    /// <summary>Reads rows of a CSV file with a header and encodes them into a new data set. May run at any time.</summary>
    /// <param name="path">The file, as <c>ReadRows</c> reads it.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDataException">The file's contents do not fit; says line, column and property.</exception>
    /// <exception cref="ArgumentException">A row has a value that its column refuses. The message names the row and the property.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been fitted: call <c>Fit</c> or <c>Train</c> first.</exception>
    Dataset ReadCsv(string path);

    /// <summary>
    /// Reads records from a CSV file in UTF-8 whose header names the properties, or the columns that their attributes name. Lazy: the file is read while it is
    /// enumerated, and once for each enumeration.
    /// </summary>
    /// <param name="path">The file. Empty cells are null; numbers and dates are written as in code (<c>-1.5e3</c>, <c>2024-02-29</c>), whatever the culture.</param>
    /// <returns>The records.</returns>
    /// <exception cref="InvalidDataException">The file's contents do not fit; says line, column and property.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    IEnumerable<TRecord> ReadRows(string path);

    /// <summary>
    /// Reads records from a database's reader, whose columns are named like the properties, or as their attributes say. Lazy; the reader stays open and can be
    /// enumerated once.
    /// </summary>
    /// <param name="reader">The reader, before its first row.</param>
    /// <returns>The records.</returns>
    /// <exception cref="InvalidDataException">A column or value does not fit; says row, column and property.</exception>
    IEnumerable<TRecord> ReadRowsOfReader(DbDataReader reader);
}
