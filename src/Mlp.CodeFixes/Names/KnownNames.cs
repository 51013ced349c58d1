namespace Mlp.CodeFixes.Names;

/// <summary>Ours for the names that users bring along from other libraries, or mistype.</summary>
internal static class KnownNames
{
    /// <summary>Names elsewhere, in small letters and digits alone, and ours; of names that differ from ours in case alone, none is here.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> Elsewhere = new(StringComparer.Ordinal)
    {
        ["Activation"] = new(StringComparer.Ordinal)
        {
            ["identity"] = "Linear",
            ["none"] = "Linear",
            ["logistic"] = "Sigmoid",
            ["rectifier"] = "Relu",
            ["relu6"] = "Relu",
            ["lrelu"] = "LeakyRelu",
            ["leaky"] = "LeakyRelu",
            ["parametricrelu"] = "PRelu",
            ["swish"] = "Silu",
            ["hswish"] = "HardSwish",
            ["hsigmoid"] = "HardSigmoid",
            ["gelunew"] = "GeluTanh",
            ["exponential"] = "Exp",
            ["heaviside"] = "Step",
            ["logsoftmax"] = "Softmax",
        },
        ["LossFunction"] = new(StringComparer.Ordinal)
        {
            ["meansquarederror"] = "MSE",
            ["squarederror"] = "MSE",
            ["l2"] = "MSE",
            ["l2loss"] = "MSE",
            ["quadratic"] = "MSE",
            ["meanabsoluteerror"] = "MAE",
            ["absoluteerror"] = "MAE",
            ["l1"] = "MAE",
            ["l1loss"] = "MAE",
            ["smoothl1"] = "Huber",
            ["smoothl1loss"] = "Huber",
            ["binarycrossentropy"] = "BCE",
            ["bcewithlogits"] = "BCE",
            ["bcewithlogitsloss"] = "BCE",
            ["logloss"] = "BCE",
            ["categoricalcrossentropy"] = "CrossEntropy",
            ["sparsecategoricalcrossentropy"] = "CrossEntropy",
            ["softmaxcrossentropy"] = "CrossEntropy",
            ["nll"] = "CrossEntropy",
            ["nllloss"] = "CrossEntropy",
            ["negativeloglikelihood"] = "CrossEntropy",
            ["poissonnll"] = "Poisson",
            ["poissonnllloss"] = "Poisson",
            ["logcosherror"] = "LogCosh",
        },
        ["Initializer"] = new(StringComparer.Ordinal)
        {
            ["xavier"] = "GlorotUniform",
            ["glorot"] = "GlorotUniform",
            ["xavieruniform"] = "GlorotUniform",
            ["xaviernormal"] = "GlorotNormal",
            ["kaiming"] = "HeUniform",
            ["he"] = "HeUniform",
            ["kaiminguniform"] = "HeUniform",
            ["kaimingnormal"] = "HeNormal",
            ["lecun"] = "LeCunNormal",
            ["default"] = "Auto",
        },
        ["Normalization"] = new(StringComparer.Ordinal)
        {
            ["batchnorm"] = "Batch",
            ["batchnorm1d"] = "Batch",
            ["batchnormalization"] = "Batch",
            ["layernorm"] = "Layer",
            ["layernormalization"] = "Layer",
        },
        ["attribute"] = new(StringComparer.Ordinal)
        {
            ["linear"] = "Dense",
            ["layer"] = "Dense",
            ["fullyconnected"] = "Dense",
            ["fc"] = "Dense",
            ["inputs"] = "Input",
            ["inputlayer"] = "Input",
            ["criterion"] = "Loss",
            ["cost"] = "Loss",
            ["lossfunction"] = "Loss",
            ["noise"] = "GaussianNoise",
            ["alphadropout"] = "Dropout",
        },
        ["property"] = new(StringComparer.Ordinal)
        {
            ["usebias"] = "Bias",
            ["normalize"] = "Standardize",
            ["scale"] = "Standardize",
            ["batchnorm"] = "Normalization",
            ["slope"] = "Alpha",
            ["negativeslope"] = "Alpha",
            ["kernelinitializer"] = "Initializer",
            ["skip"] = "Residual",
            ["weightdecay"] = "L2",
            ["trainable"] = "Frozen",
            ["posweight"] = "PositiveWeight",
            ["weight"] = "ClassWeights",
        },
    };

    /// <summary>The name meant, of those that there are; null where none is near.</summary>
    /// <param name="written">What a user wrote.</param>
    /// <param name="kind">An enum of ours, <c>attribute</c> or <c>property</c>.</param>
    /// <param name="ours">The names that there are.</param>
    public static string? Nearest(string written, string kind, IEnumerable<string> ours)
    {
        string plain = Plain(written);
        string[] all = [.. ours];
        string? same = all.FirstOrDefault(name => Plain(name) == plain);
        if (same is not null)
        {
            return same;
        }

        if (Elsewhere.TryGetValue(kind, out Dictionary<string, string>? names) && names.TryGetValue(plain, out string? known) && all.Contains(known))
        {
            return known;
        }

        // What other libraries write behind a name.
        string stem = plain.EndsWith("loss", StringComparison.Ordinal) ? plain.Substring(0, plain.Length - 4) : plain;
        (string Name, int Distance) nearest = all
            .Select(name => (name, Math.Min(Distance(plain, Plain(name)), Distance(stem, Plain(name)))))
            .OrderBy(static pair => pair.Item2)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(1, nearest.Name.Length / 4) ? nearest.Name : null;
    }

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>How many letters have to be added, left out or replaced to make one word of the other.</summary>
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
