using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;

namespace Mlp.Generator.Advice;

/// <summary>What works, but not as its author will have meant it: warnings, which a project can turn off, and information that it can turn on.</summary>
internal static class AdviceRules
{
    public static readonly DiagnosticDescriptor LinearStack = Warning(
        "MLP0080",
        "Hidden layers that are all linear collapse into one",
        "{0} of network '{1}' {2} linear, so that all layers together compute no more than [{3}] alone; give hidden layers an activation such as Relu",
        "A linear function of a linear function is linear: the hidden layers add parameters, and nothing that the last layer could not do by itself.");

    public static readonly DiagnosticDescriptor SquashedRegression = Warning(
        "MLP0081",
        "A squashed output learns slowly with a squared error",
        "{0} outputs with [Loss(MSE)] hardly learn where they are wrong and sure, as the slope of {0} vanishes there; {1}",
        "The gradient of the squared error is the error times the activation's slope, which is next to 0 at both ends. That of cross-entropy on a sigmoid is the error itself.");

    public static readonly DiagnosticDescriptor RegressionOnSoftmax = Warning(
        "MLP0082",
        "Probabilities of classes are trained by cross-entropy",
        "Softmax outputs with [Loss({0})] hardly learn where they are wrong and sure; write [Loss(CrossEntropy)] for classes, or another activation for numbers",
        "The slope of softmax vanishes where it is sure. Cross-entropy cancels it.");

    public static readonly DiagnosticDescriptor HingeOnProbabilities = Warning(
        "MLP0083",
        "Hinge wants scores without bounds",
        "[Loss(Hinge)] wants outputs beyond -1 and 1, but those of {0} lie in {1}; write Linear outputs, or [Loss(BCE)] for probabilities",
        "A row costs nothing from a score of 1 on its right side. An output that is held within 0 and 1 cannot be on the negative side at all.");

    public static readonly DiagnosticDescriptor RectifiedRegression = Warning(
        "MLP0084",
        "A rectified output cannot be negative, and may stop learning",
        "Relu outputs with [Loss({0})] are never below 0, and a unit whose sums are negative for all rows learns no more; write Linear, or Softplus for amounts",
        "The slope of Relu is 0 for negative sums: an output unit that begins there is 0 for ever.");

    public static readonly DiagnosticDescriptor NormalizationAfterDropout = Warning(
        "MLP0085",
        "Batch normalization belongs before dropout",
        "'{0}' is batch-normalized behind [Dropout], which changes the variance in training alone, so that the learned statistics are wrong when predicting; move the dropout behind the last normalized layer",
        "Dropout scales what is left, which raises the variance of sums; running statistics are of training, and predictions have no dropout. X. Li et al., \"Understanding the disharmony between dropout and batch normalization by variance shift\" (2019).");

    public static readonly DiagnosticDescriptor Bottleneck = Warning(
        "MLP0086",
        "A hidden layer of one unit lets one number through",
        "Hidden layer '{0}' has one unit, so that all that follows depends on one number; give it more units, or remove it",
        "Whatever the inputs say must pass through one number. Where that is meant, suppress the warning.");

    public static readonly DiagnosticDescriptor SeluInitializer = Warning(
        "MLP0087",
        "Selu needs LeCun's initialisation",
        "'{0}' has Selu with Initializer.{1}; Selu keeps mean and variance only with LeCunNormal, which is what leaving the initializer out gives",
        "G. Klambauer et al., \"Self-normalizing neural networks\" (2017): the activation's constants follow from weights of variance 1/inputs.");

    public static readonly DiagnosticDescriptor DenseBeforeInput = Warning(
        "MLP0088",
        "[Input] stands before the layers",
        "[Dense] stands before [{0}] of network '{1}'; layers are computed in source order, so write the input first",
        "It works in any order, but a reader takes what stands first for what is computed first.");

    public static readonly DiagnosticDescriptor DeepPlain = Warning(
        "MLP0089",
        "Many layers need residuals or normalization",
        "Network '{0}' has {1} hidden layers without residuals or normalization, through which gradients hardly reach the first; set Residual or Normalization on layers of equal width, or use fewer",
        "Gradients shrink or grow by a factor a layer. K. He et al., \"Deep residual learning for image recognition\" (2015).");

    public static readonly DiagnosticDescriptor WrongLength = Warning(
        "MLP0090",
        "A row has as many numbers as the network has inputs",
        "'{0}' of '{1}' takes {2}, but {3} has {4} numbers",
        "The call would throw an ArgumentException.");

    public static readonly DiagnosticDescriptor WrongClassCount = Warning(
        "MLP0091",
        "Data have as many classes as the network",
        "The data have {0} classes, and network '{1}' has {2} outputs, one a class; make them equal",
        "The call would throw an ArgumentException.");

    public static readonly DiagnosticDescriptor OptimizerInLoop = Warning(
        "MLP0092",
        "An optimizer is made once",
        "'{0}' is made anew in each turn of the loop, with the same settings; make it once, before the loop",
        "An optimizer is a description, and what it has learned lies in the network: a new one in each step changes nothing but the garbage collector's work.");

    public static readonly DiagnosticDescriptor UnlearnedStatistics = Warning(
        "MLP0093",
        "A network that standardises learns the statistics of its inputs first",
        "'{0}' standardises its inputs, but this loop trains it by 'TrainStep' without statistics; call 'LearnInputStatistics' before the loop",
        "'Train' learns mean and scale of each input from its data; a loop of one's own has to say from what. Until then, mean is 0 and scale is 1.");

    public static readonly DiagnosticDescriptor DeadClone = Warning(
        "MLP0094",
        "A copy that nobody keeps does nothing",
        "'Clone' returns the copy of '{0}' and changes nothing; keep what it returns",
        "The call has no other effect.");

    public static readonly DiagnosticDescriptor IdleLanes = Information(
        "MLP0095",
        "A width that leaves vector lanes idle",
        "'{0}' has {1} units, which take the time of {2}; {2} units cost nothing more",
        "Kernels compute 8 units at a time with 256-bit vectors, and 16 with 512-bit ones. The last vector is as expensive when it is not full.");

    public static readonly DiagnosticDescriptor BeyondCache = Information(
        "MLP0096",
        "A layer that no longer fits the second-level cache",
        "The weights of '{0}' take {1} KiB, more than the {2} KiB of a usual second-level cache, so that each batch reads them from farther away",
        "Larger batches make up for it, as weights are read once a block of rows. Cores of today have 512 KiB to 2 MiB.");

    public static readonly DiagnosticDescriptor Costs = Information(
        "MLP0097",
        "What a prediction costs",
        "A row of '{0}' takes {1} multiply-adds, {2} bytes of parameters, and about {3} ns on one core",
        "The estimate takes 20 multiply-adds a nanosecond in layers of at least 16 units, and 2 in smaller ones, and 10 ns for the call. Measure before you decide by it.");

    public static readonly DiagnosticDescriptor RowsNeeded = Information(
        "MLP0098",
        "How many rows a network of this size needs",
        "'{0}' has {1} weights; by the rule of thumb of weights ÷ error, it takes some {2} rows for an error of 10 %, fewer with dropout, L2 or early stopping",
        "E. Baum and D. Haussler, \"What size net gives valid generalization?\" (1989).");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        LinearStack, SquashedRegression, RegressionOnSoftmax, HingeOnProbabilities, RectifiedRegression, NormalizationAfterDropout, Bottleneck, SeluInitializer,
        DenseBeforeInput, DeepPlain, WrongLength, WrongClassCount, OptimizerInLoop, UnlearnedStatistics, DeadClone, IdleLanes, BeyondCache, Costs, RowsNeeded,
    ];

    private static DiagnosticDescriptor Warning(string id, string title, string message, string description) => new(
        id, title, message, "MlpGen", DiagnosticSeverity.Warning, isEnabledByDefault: true, description, $"{Descriptors.HelpBase}{id}.md");

    private static DiagnosticDescriptor Information(string id, string title, string message, string description) => new(
        id, title, message, "MlpGen", DiagnosticSeverity.Info, isEnabledByDefault: false, description, $"{Descriptors.HelpBase}{id}.md");
}
