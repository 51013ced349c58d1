namespace Mlp;

/// <summary>What the outputs of a network say, which its loss decides; or a choice of these.</summary>
[Flags]
internal enum OutputKinds
{
    /// <summary>BCE, one output: the probability of the second of two classes.</summary>
    Probability = 1,

    /// <summary>Hinge, one output: its sign tells two classes apart.</summary>
    Margin = 2,

    /// <summary>CrossEntropy: the probabilities of classes that exclude each other.</summary>
    Classes = 4,

    /// <summary>BCE, several outputs: each the probability of a yes.</summary>
    Probabilities = 8,

    /// <summary>Hinge, several outputs: each a yes or no by its sign.</summary>
    Margins = 16,

    /// <summary>All other losses: numbers.</summary>
    Numbers = 32,

    /// <summary>One output tells two classes apart.</summary>
    TwoClasses = Probability | Margin,

    /// <summary>Each row has one of several classes.</summary>
    OneClass = TwoClasses | Classes,

    /// <summary>Each row has several answers, each yes or no.</summary>
    Labels = Probabilities | Margins,

    /// <summary>Answers are right or wrong.</summary>
    Answers = OneClass | Labels,

    /// <summary>Outputs are probabilities.</summary>
    AllProbabilities = Probability | Classes | Probabilities,

    /// <summary>Whatever outputs say.</summary>
    All = Answers | Numbers,
}
