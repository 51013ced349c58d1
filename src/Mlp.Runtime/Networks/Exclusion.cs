using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Lets one call at a time train a network, or replace what was trained.</summary>
internal sealed class Exclusion
{
    private string? _running;

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
    private static void ThrowNotAlone(string member, string other) => throw new InvalidOperationException(
        $"{member} was called on a network while {other} runs there; nothing was changed. Only Predict and Evaluate may run at the same time: "
        + "wait for the other call, or work on a Clone made before it.");
}
