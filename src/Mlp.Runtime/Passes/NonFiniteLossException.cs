namespace Mlp;

/// <summary>
/// A loss, an input, or the gradient norm to be clipped was NaN or infinite, and the training step was stopped before it updated anything. Or the last
/// update of an epoch of <c>Train</c> overflowed and left parameters that are not finite.
/// </summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    /// <summary>Describes where the value that is not finite first appeared.</summary>
    /// <param name="message">What was found, where, and what to do.</param>
    public NonFiniteLossException(string message) : base(message)
    {
    }

    private NonFiniteLossException(string message, NonFiniteLossException inner) : base(message, inner)
    {
    }

    /// <summary>
    /// Row of the first input or target that is not finite, or, where these and all layers are, of the first such loss: of the batch for a
    /// single step, of the data set in <c>Train</c>. Null where a layer is at fault.
    /// </summary>
    public int? Row { get; init; }

    /// <summary>Column of the first input or target that is not finite; null where all are finite.</summary>
    public int? Column { get; init; }

    /// <summary>
    /// Name of the first layer whose outputs, or else gradients or parameters, are not finite; null where an input, a target or the loss itself is at
    /// fault.
    /// </summary>
    public string? Layer { get; init; }

    /// <summary>Epoch from 1, in <c>Train</c>; else null.</summary>
    public int? Epoch { get; init; }

    /// <summary>Step of the run from 1, in <c>Train</c>; else null.</summary>
    public long? Step { get; init; }

    /// <summary>The same with a message that begins by telling which of several runs it was.</summary>
    internal NonFiniteLossException In(string run) => new($"{run}: {Message}", this) { Row = Row, Column = Column, Layer = Layer, Epoch = Epoch, Step = Step };
}
