namespace Mlp;

/// <summary>Why a training run ended.</summary>
public enum StopReason
{
    /// <summary>All its epochs or steps are done.</summary>
    Completed,

    /// <summary>Validation had not become better for <see cref="EarlyStopping.Patience"/> epochs.</summary>
    EarlyStopping,

    /// <summary>A callback called <see cref="TrainingContext.Stop"/>.</summary>
    Callback,

    /// <summary>The time that it may take was over.</summary>
    TimeLimit,

    /// <summary>It was cancelled, and threw <see cref="TrainingCancelledException"/>.</summary>
    Cancelled,
}
