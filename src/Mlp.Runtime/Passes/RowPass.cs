using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Some rows on their way through a network, and where their values lie: buffers behind each other, each with room for <see cref="Capacity"/> rows.
/// </summary>
/// <remarks>Only the runtime makes them, of memory that it has checked.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct RowPass
{
    /// <summary>The network.</summary>
    public NetworkState Network { get; internal init; }

    /// <summary>The first float of the network's store.</summary>
    public ref float Parameters;

    /// <summary>The first of the rows' raw inputs.</summary>
    public ref float Inputs;

    /// <summary>The first of their targets, smoothed or weighted where they are.</summary>
    public ref float Targets;

    /// <summary>The first of their outputs.</summary>
    public ref float Outputs;

    /// <summary>The loss of the first row.</summary>
    public ref float Losses;

    /// <summary>The first buffer.</summary>
    public ref float Buffers;

    /// <summary>The batch's own statistics for batch normalization.</summary>
    public ref float Statistics;

    /// <summary>Rows that each buffer has room for.</summary>
    public nuint Capacity;

    /// <summary>Number of the first row in the buffers.</summary>
    public nuint First;

    /// <summary>Number of rows.</summary>
    public nuint Rows;

    /// <summary>
    /// Of an ensemble, rows of the batch: row i of member m has number <c>m·BatchRows + i</c> here, and all members see the same inputs. A pass over the last
    /// layer has rows of one member.
    /// </summary>
    public nuint BatchRows;

    /// <summary>Of an ensemble, the member whose rows these are, where they are one's.</summary>
    public nuint Member;

    /// <summary>Sample weights of the rows, for their statistics; empty where all count 1.</summary>
    public ReadOnlySpan<float> Weights;

    /// <summary>Whether dropout and noise apply, and statistics are the batch's.</summary>
    public bool IsTraining;

    /// <summary>Number, from 0, of the first layer whose delta is needed, as no layer below it is trained; −1 where the inputs' is.</summary>
    public int FirstDelta;

    /// <summary>Whether a layer is trained by this pass: its statistics are then the batch's.</summary>
    /// <param name="layer">The layer's number from 0.</param>
    public readonly bool Trains(int layer) => IsTraining && Network.Trains(layer);

    /// <summary>The value of the first row in a buffer.</summary>
    /// <param name="offset">Floats of the buffers before it, for each row.</param>
    /// <param name="stride">Floats for each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref float Value(nuint offset, nuint stride) => ref Unsafe.Add(ref Buffers, (offset * Capacity) + (First * stride));

    /// <summary>A parameter.</summary>
    /// <param name="index">Its index in the store.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref float Parameter(nuint index) => ref Unsafe.Add(ref Parameters, index);

    /// <summary>Of rows of one member, the number of the first in the batch.</summary>
    public readonly nuint RowOfBatch => First - (Member * BatchRows);

    /// <summary>The label of a layer's noise in random numbers: every member of an ensemble has its own, whatever the size of the batch.</summary>
    /// <param name="layer">The layer's number from 1, or 0 for the inputs.</param>
    public readonly int NoiseOfMember(int layer) => layer + ((int)Member << 20);

    /// <summary>Those of the rows that are a member's; perhaps none.</summary>
    /// <param name="member">The member's number from 0; 0 for a network that is no ensemble.</param>
    internal readonly RowPass OfRows(int member)
    {
        RowPass own = this;
        nuint start = (nuint)member * BatchRows;
        nuint end = Math.Min(First + Rows, start + BatchRows);
        own.Member = (nuint)member;
        own.First = Math.Max(First, start);
        own.Rows = end - Math.Min(own.First, end);
        own.Weights = Weights.IsEmpty ? Weights : Weights[..(int)BatchRows];
        return own;
    }

    /// <summary>Index of a parameter of an ensemble's last layer in the store.</summary>
    /// <param name="index">That of the first member's.</param>
    public readonly nuint OfMember(nuint index)
    {
        DenseLayout head = Network.Layout.Layers[^1];
        return index + (Member * (nuint)(head.End - head.WeightsOffset));
    }

    /// <summary>Index of a running statistic of an ensemble's last layer.</summary>
    /// <param name="index">That of the first member's.</param>
    public readonly nuint StatisticOfMember(nuint index) => index + (Member * (nuint)Network.Layout.Layers[^1].StatisticsLength);

    /// <summary>What a member of an ensemble multiplies the inputs by.</summary>
    internal readonly ref float MemberScales(nuint member)
    {
        EnsembleLayout ensemble = Network.Layout.Ensemble!;
        return ref Parameter((nuint)ensemble.ScalesOffset + (member * (nuint)ensemble.ScalesStride));
    }

    /// <summary>The batch's own means, variances and reciprocal deviations of a layer.</summary>
    /// <param name="offset">The layer's <see cref="DenseLayout.StatisticsOffset"/>; of each two running statistics there are three of the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref float BatchStatistics(nuint offset) => ref Unsafe.Add(ref Statistics, offset / 2 * 3);
}
