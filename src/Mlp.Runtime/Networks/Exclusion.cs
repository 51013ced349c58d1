using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Lets one call at a time train a network, or replace what was trained; of a network that is read-only, none.</summary>
internal sealed class Exclusion
{
    /// <summary>In the place of the member that is running, so that whoever asks for one running member asks for both.</summary>
    private static readonly string ReadOnly = new("nothing");

    private string? _running;

    /// <summary>Whether no such call is let in any more.</summary>
    public bool IsClosed => ReferenceEquals(_running, ReadOnly);

    /// <summary>Lets no such call in any more. Only who made the network and has not given it away may close it.</summary>
    public void Close() => _running = ReadOnly;

    /// <summary>Begins such a call, for as long as the result is not disposed.</summary>
    /// <param name="member">The generated member that is called, for messages.</param>
    /// <exception cref="InvalidOperationException">Another one is running.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ExclusiveUse Begin(string member)
    {
        if (Interlocked.CompareExchange(ref _running, member, null) is string other)
        {
            ThrowNotAlone(member, other);
        }

        return new ExclusiveUse(this);
    }

    /// <summary>Ends the call that is running.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End() => Volatile.Write(ref _running, null);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNotAlone(string member, string other) => throw new InvalidOperationException(ReferenceEquals(other, ReadOnly)
        ? $"{member} needs a network for itself, and this one is shared and read-only, as the Trained of a class and served networks are. Nothing was changed. "
            + $"Call {member} on its Clone(), or on a network that took its weights by CopyFrom."
        : $"{member} was called on a network while {other} runs there; nothing was changed. Only Predict and Evaluate may run at the same time: "
            + "wait for the other call, or work on a Clone made before it.");
}
