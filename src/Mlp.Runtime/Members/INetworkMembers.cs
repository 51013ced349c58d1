using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// The documentation of generated members that <see cref="INetwork{TSelf}"/> does not have. Nothing implements it: generated members refer to these with
/// <c>inheritdoc</c>, so that their text stands once. Overloads have names of their own here, and a reference needs no signature.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface INetworkMembers
{
    /// <summary>Number of trained parameters.</summary>
    int ParameterCount { get; }

    /// <summary>The table of layers, shapes and parameter counts.</summary>
    string Summary { get; }

    /// <summary>
    /// Threads that training, gradients, evaluation and batched prediction may use; 0 means as many as pay off. Results do not depend on it.
    /// May be set at any time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    int Threads { get; set; }

    /// <summary>Predicts one row. May run at any time, on many threads at once; allocates nothing once warm.</summary>
    /// <param name="input">InputSize values.</param>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    float PredictValue(ReadOnlySpan<float> input);

    /// <summary>Predicts one row. May run at any time, on many threads at once.</summary>
    /// <param name="inputs">InputSize values.</param>
    /// <returns>The OutputSize outputs, in a new array.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    float[] PredictRow(ReadOnlySpan<float> inputs);

    /// <summary>
    /// How far an ensemble's members are apart for one row, a measure of its uncertainty: the population deviation of their outputs from the prediction, which
    /// is their mean; of several outputs the mean of the outputs' deviations. May run at any time, on many threads at once; allocates nothing once warm.
    /// </summary>
    /// <param name="input">InputSize values.</param>
    /// <returns>The deviation, at least 0, in the unit of the outputs; of probabilities at most 0.5.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    float PredictSpread(ReadOnlySpan<float> input);

    /// <summary>The layer's parameters for methods that take those of any layer. May be read at any time.</summary>
    /// <param name="view">The layer.</param>
    /// <returns>The same parameters.</returns>
    DenseLayer AsDenseLayer(DenseLayer view);

    /// <summary>The members' layers for methods that take those of any ensemble. May be read at any time.</summary>
    /// <param name="view">The layers.</param>
    /// <returns>The same parameters.</returns>
    EnsembleLayer AsEnsembleLayer(EnsembleLayer view);

    /// <summary>The most probable class of one row. May run at any time, on many threads at once; allocates nothing once warm.</summary>
    /// <param name="input">InputSize values.</param>
    /// <returns>Index of the largest output, the first of equal ones: 0 to OutputSize - 1.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    int PredictClassOfLargest(ReadOnlySpan<float> input);

    /// <summary>
    /// The class of one row: 1 where its probability is at least <c>Threshold</c>, else 0. May run at any time, on many threads at once; allocates nothing
    /// once warm.
    /// </summary>
    /// <param name="input">InputSize values.</param>
    /// <returns>0 or 1.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    int PredictClassOfProbability(ReadOnlySpan<float> input);

    /// <summary>
    /// The class of one row, that of the output's sign: 1 where the output is at least 0, else 0. May run at any time, on many threads at once; allocates
    /// nothing once warm.
    /// </summary>
    /// <param name="input">InputSize values.</param>
    /// <returns>0 or 1.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    int PredictClassOfSign(ReadOnlySpan<float> input);

    /// <summary>The name of the class of one row, that of <c>PredictClass</c>. May run at any time, on many threads at once.</summary>
    /// <param name="input">InputSize values.</param>
    /// <returns>The name; the index as text where the network has no names.</returns>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    string PredictLabel(ReadOnlySpan<float> input);

    /// <summary>
    /// Trains as <c>Train</c> does, on a thread of its own: <c>await foreach (EpochResult epoch in net.TrainAsync(data))</c>. Leaving the loop ends the run at a
    /// step. Runs alone, from when the first result is asked for until the loop has ended.
    /// </summary>
    /// <param name="data">The training data.</param>
    /// <param name="options">
    /// Epochs, batch size, optimizer and so on; null for their defaults. Their progress and callbacks are called on that thread.
    /// </param>
    /// <param name="cancellationToken">Ends training between two batches.</param>
    /// <returns>
    /// The result of each epoch when it is complete. A slow reader gets them later, and does not hold training back. The loop throws what <c>Train</c> would,
    /// after the results that came before. Each enumeration trains anew, from where training stands.
    /// </returns>
    /// <exception cref="ArgumentNullException">There are no data.</exception>
    IAsyncEnumerable<EpochResult> TrainAsync(Dataset data, TrainingOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The probability from which on an output says yes, in [0, 1]; default: 0.5. Predicted classes, accuracies and reports go by it. Files and copies keep it;
    /// <see cref="Thresholds.Best"/> finds one. May be set at any time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    double Threshold { get; set; }

    /// <summary>
    /// Loss, accuracy where the network classifies, and metrics on a data set, in the mode of <c>Predict</c>. May run at any time, on many threads at once.
    /// Keeps the outputs of all rows meanwhile.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="metrics">What else to compute, all different.</param>
    /// <returns>Loss, accuracy, and the metrics in <see cref="Evaluation.Metrics"/>.</returns>
    /// <exception cref="ArgumentException">
    /// The data or a metric do not fit the network, the data have other names, or two metrics have the same name.
    /// </exception>
    Evaluation EvaluateMetrics(Dataset data, IReadOnlyList<Metric> metrics);

    /// <summary>
    /// How well the network tells classes apart: confusion matrix, precision and recall of each class, areas under curves, calibration. Goes through the data
    /// once. May run at any time, on many threads at once.
    /// </summary>
    /// <param name="data">The data. Rows count by their weights, where they have any.</param>
    /// <returns>A report of its own, which keeps neither the data nor the outputs.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    ClassificationReport ReportClassification(Dataset data);

    /// <summary>
    /// How well each output answers yes or no: precision and recall, areas under curves, calibration. Goes through the data once. May run at any time, on many
    /// threads at once.
    /// </summary>
    /// <param name="data">The data. Rows count by their weights, where they have any.</param>
    /// <returns>A report of its own, which keeps neither the data nor the outputs.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    MultiLabelReport ReportMultiLabel(Dataset data);

    /// <summary>
    /// How far predictions are from their targets: R² and mean, median and largest errors. Goes through the data once. May run at any time, on many threads at
    /// once.
    /// </summary>
    /// <param name="data">The data. Rows count by their weights, where they have any.</param>
    /// <returns>A report of its own, which keeps a sample of the residuals, but neither the data nor all outputs.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    RegressionReport ReportRegression(Dataset data);

    /// <summary>
    /// Temperature scaling (Guo et al., 2017): divides the last layer's pre-activations by the one number that makes probabilities fit the data best, and folds
    /// it into that layer's parameters. The order of probabilities stays as it is, and so do predicted classes: <c>Threshold</c> moves along. Of an
    /// ensemble every member's pre-activations are divided; the mean of their probabilities keeps the order of nearly equal ones only roughly, and T is found
    /// to about four digits. Drops the optimizer's state. Runs alone.
    /// </summary>
    /// <param name="data">
    /// Rows on which the network was not trained: there it is surer than it should be. They count by their weights, where they have any; class weights and
    /// label smoothing have no part in it.
    /// </param>
    /// <returns>
    /// The temperature T in [0.01, 100], at which the mean log loss of <c>z/T</c> is least: above 1 where the network was too sure of itself.
    /// </returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">An output is NaN; nothing was changed.</exception>
    double Calibrate(Dataset data);

    /// <summary>One optimizer step on one mini-batch. The optimizer's state is kept from call to call. Runs alone; allocates nothing once warm.</summary>
    /// <param name="inputs">rows × InputSize, row-major, at least one row.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="optimizer">The optimizer; one of another kind starts with a state of its own.</param>
    /// <returns>The mean loss of the batch before the update; where targets are standardised, in units of the scaled ones.</returns>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows, or none, or a target is out of the loss's range.</exception>
    /// <exception cref="InvalidOperationException">The network is training, or lacks the statistics by which it standardises; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
    float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer);

    /// <summary>
    /// One optimizer step on one mini-batch with sample weights: its loss is Σ weight·loss / Σ weight. Runs alone; allocates nothing once warm.
    /// </summary>
    /// <param name="inputs">rows × InputSize, row-major, at least one row.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">One weight a row, finite and at least 0; empty where all rows count alike.</param>
    /// <param name="optimizer">The optimizer; one of another kind starts with a state of its own.</param>
    /// <returns>The weighted mean loss of the batch before the update; where targets are standardised, in units of the scaled ones.</returns>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or a weight is negative or not finite, or a target is out of the loss's range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network is training, or lacks the statistics by which it standardises; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
    float WeightedTrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer);

    /// <summary>The mean loss of a batch and its gradient, without dropout and noise; changes nothing. Runs alone; allocates nothing once warm.</summary>
    /// <param name="inputs">rows × InputSize, row-major, at least one row.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="gradients">Receives the gradient: exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
    /// <returns>The mean loss; where targets are standardised, in units of the scaled ones.</returns>
    /// <remarks>Batch normalization uses the batch's own statistics; only <c>TrainStep</c> and <c>Train</c> move the running ones.</remarks>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or the gradients do not fit, or a target is out of the loss's range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network is training, or lacks the statistics by which it standardises; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
    float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients);

    /// <summary>
    /// The mean loss of a batch with sample weights, Σ weight·loss / Σ weight, and its gradient, without dropout and noise; changes nothing.
    /// Runs alone; allocates nothing once warm.
    /// </summary>
    /// <param name="inputs">rows × InputSize, row-major, at least one row.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">One weight a row, finite and at least 0; empty where all rows count alike.</param>
    /// <param name="gradients">Receives the gradient: exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
    /// <returns>The weighted mean loss; where targets are standardised, in units of the scaled ones.</returns>
    /// <remarks>Batch normalization uses the batch's own statistics; only <c>TrainStep</c> and <c>Train</c> move the running ones.</remarks>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or the gradients do not fit, or a weight is negative or not finite, or a target is out of the
    /// loss's range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network is training, or lacks the statistics by which it standardises; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
    float ComputeWeightedGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients);

    /// <summary>
    /// The mean loss of a batch and its derivative with respect to every input, in the mode of <c>ComputeGradients</c>. Runs alone; allocates nothing once
    /// warm.
    /// </summary>
    /// <param name="inputs">rows × InputSize, row-major, at least one row.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="gradients">Receives rows × InputSize: how the mean loss changes with each input. Undefined after an exception.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or the gradients do not fit, or a target is out of the loss's range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network is training, or lacks the statistics by which it standardises; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
    float InputGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients);

    /// <summary>
    /// The derivative of every output with respect to every input, for any number of rows, in the mode of <c>Predict</c>. May run at any time; allocates
    /// nothing once warm.
    /// </summary>
    /// <param name="inputs">rows × InputSize, row-major.</param>
    /// <param name="jacobian">
    /// Receives rows × OutputSize × InputSize: for each row and output, its derivatives with respect to the inputs. Must fit exactly.
    /// </param>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the results do not fit the inputs.</exception>
    void InputJacobian(ReadOnlySpan<float> inputs, Span<float> jacobian);

    /// <summary>
    /// One optimizer step with gradients that were computed before; bit for bit what <c>TrainStep</c> does with the same ones. Runs alone.
    /// </summary>
    /// <param name="gradients">Exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
    /// <param name="optimizer">The optimizer; its state is the one of <c>TrainStep</c>.</param>
    /// <exception cref="ArgumentException">The gradients do not fit, or one is not finite; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    void ApplyGradients(ReadOnlySpan<float> gradients, Optimizer optimizer);

    /// <summary>
    /// What <c>TrainStep</c> and <c>ApplyGradients</c> multiply the optimizer's learning rate by, decoupled weight decay included. Default: 1. Loops of one's
    /// own set it before every step, as <c>schedule.FactorAt(…)</c> says; <c>Train</c> does without it and has <see cref="TrainingOptions.Schedule"/>. May be set
    /// at any time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    double LearningRateFactor { get; set; }

    /// <summary>Drops the optimizer's state, and counts epochs and steps from 0 again; parameters and statistics stay. Runs alone.</summary>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    void ResetTraining();

    /// <summary>Gives back the memory that only training needs, the optimizer's state included; the next step takes it anew. Runs alone.</summary>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    void ReleaseTrainingBuffers();

    /// <summary>
    /// Epochs that <c>Train</c> has completed since the network was made, loaded or reset. Random numbers of training are keyed by it.
    /// May be read at any time.
    /// </summary>
    int EpochsTrained { get; }

    /// <summary>
    /// Steps of optimizers since the network was made, loaded or reset. Random numbers of training are keyed by it. May be read at any time.
    /// </summary>
    long StepsTrained { get; }

    /// <summary>
    /// Copies the trained parameters out, layer by layer: weights [inputs × outputs] row-major, then biases, gains, shifts and slope, where the layer has
    /// them; of an ensemble the scales [members × inputs] come first, and the last layer once for each member. Statistics are not among them; <c>Clone</c> and
    /// <c>CopyFrom</c> take these too. May run at any time.
    /// </summary>
    /// <param name="destination">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length; nothing was changed.</exception>
    void CopyParametersTo(Span<float> destination);

    /// <summary>
    /// Replaces the trained parameters alone, in the order of <c>CopyParametersTo</c>, and drops the optimizer's state. Statistics of inputs, targets
    /// and batch normalization stay; <c>CopyFrom</c> takes them too. Runs alone.
    /// </summary>
    /// <param name="parameters">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    void LoadParameters(ReadOnlySpan<float> parameters);

    /// <summary>
    /// Saves the network as a safetensors file, which appears complete or not at all; links are followed, an older file's mode is kept.
    /// May run at any time; during training the file may hold weights of two steps.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="InvalidOperationException">A parameter or statistic is not finite; nothing was written.</exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    void SaveFile(string path);

    /// <summary>
    /// Saves the prediction as an ONNX file, for other runtimes: from raw inputs, <c>input</c> [batch × InputSize], to outputs as <c>Predict</c> gives them,
    /// <c>output</c> [batch × OutputSize]; of a network over records the inputs are rows of <c>Encode</c>. Names of inputs and classes are in the metadata,
    /// <c>mlpgen.input_names</c> and <c>mlpgen.class_names</c>. The file appears complete or not at all. May run at any time; during training the file may hold
    /// weights of two steps.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="InvalidOperationException">A parameter or statistic is not finite, or the file would exceed 2 GiB; nothing was written.</exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    void SaveOnnxFile(string path);

    /// <summary>
    /// Writes the prediction in the ONNX format, as <c>SaveOnnx</c> with a path does. May run at any time; during training the stream may get weights of two
    /// steps.
    /// </summary>
    /// <param name="stream">Where to write, from its present position on; flushed, and stays open.</param>
    /// <exception cref="InvalidOperationException">A parameter or statistic is not finite, or the file would exceed 2 GiB; nothing was written.</exception>
    void SaveOnnxStream(Stream stream);

    /// <summary>Loads a network from a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.
    /// </exception>
    object LoadFile(string path);

    /// <summary>Loads a network from a safetensors file that is not simply this network's: with other names, other layers, or no statistics.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Which of the file's tensors become which of the network's, and what stays fresh.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.
    /// </exception>
    /// <exception cref="ArgumentException">The options name a layer or tensor that the network does not have.</exception>
    object LoadFileWithOptions(string path, LoadOptions options);

    /// <summary>Loads a network from a safetensors file that is not simply this network's, and reports what was taken.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Which of the file's tensors become which of the network's, and what stays fresh.</param>
    /// <param name="report">Which tensors were loaded, are fresh, or were left in the file.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.
    /// </exception>
    /// <exception cref="ArgumentException">The options name a layer or tensor that the network does not have.</exception>
    object LoadFileWithReport(string path, LoadOptions options, out LoadReport report);

    /// <summary>
    /// Reads a network in the safetensors format that is not simply this network's: with other names, other layers, or no statistics.
    /// </summary>
    /// <param name="stream">Where to read, from its present position to its end; stays open.</param>
    /// <param name="options">Which of the file's tensors become which of the network's, and what stays fresh.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.
    /// </exception>
    /// <exception cref="ArgumentException">The options name a layer or tensor that the network does not have.</exception>
    object LoadStreamWithOptions(Stream stream, LoadOptions options);

    /// <summary>Reads a network in the safetensors format that is not simply this network's, and reports what was taken.</summary>
    /// <param name="stream">Where to read, from its present position to its end; stays open.</param>
    /// <param name="options">Which of the file's tensors become which of the network's, and what stays fresh.</param>
    /// <param name="report">Which tensors were loaded, are fresh, or were left in the file.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.
    /// </exception>
    /// <exception cref="ArgumentException">The options name a layer or tensor that the network does not have.</exception>
    object LoadStreamWithReport(Stream stream, LoadOptions options, out LoadReport report);

    /// <summary>
    /// The network of the weights in the assembly, which <see cref="WeightsAttribute"/> names: one object for all, loaded at its first use. May be asked for at
    /// any time, on many threads at once. It is read-only: predictions, evaluations, reports, <c>Save</c>, <c>CopyParametersTo</c> and <c>Clone</c> go, and
    /// what runs alone, views of parameters and settings of properties throw <see cref="InvalidOperationException"/>. Its <c>Clone()</c>, and a network that
    /// takes its weights by <c>CopyFrom</c>, are as any other.
    /// </summary>
    object Trained { get; }

    /// <summary>
    /// Learns mean and deviation of every column that the network standardises, of inputs, targets or both, from a data set, in place of any that were
    /// learned; parameters stay. The first <c>Train</c> does it by itself, loops of <c>TrainStep</c> begin with it. Runs alone.
    /// </summary>
    /// <param name="data">The training data; rows count by their sample weights, where they have any.</param>
    /// <exception cref="ArgumentException">The data do not fit the network; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">A value is NaN or infinite; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    void LearnInputStatistics(Dataset data);

    /// <summary>
    /// Names of the input columns, those of the data that first trained the network; null where that had none. Files keep them. May be read at any time.
    /// </summary>
    IReadOnlyList<string>? InputNames { get; }

    /// <summary>
    /// Names of the classes, those of the data that first trained the network; null where that had none. Files keep them. May be read at any time.
    /// </summary>
    IReadOnlyList<string>? ClassNames { get; }
}
