using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>
/// The learned vectors that stand for the categories of a property, [rows × length], read and written in place: row 0 is that of unseen and missing
/// categories, the others follow by how frequent they were; of an enum, they are its members in declared order, and the last one a null's.
/// </summary>
/// <remarks>A view of the network. What is written while the network trains may be lost.</remarks>
public readonly struct EmbeddingTable
{
    private readonly NetworkState _network;
    private readonly EmbeddingLayout _layout;

    internal EmbeddingTable(NetworkState network, EmbeddingLayout layout)
    {
        _network = network;
        _layout = layout;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => _layout.Rows;

    /// <summary>Values of a row.</summary>
    public int Length => _layout.Length;

    /// <summary>
    /// The categories by row: texts, integers, or names of an enum's members; null for the rows of unseen and missing ones, and for those that are unused.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing is fitted yet.</exception>
    /// <remarks>A list of its own for each call.</remarks>
    public IReadOnlyList<string?> Categories
    {
        get
        {
            FittedEncoder fitted = _network.Fitted ?? throw new InvalidOperationException(
                $"Which categories the rows of {_layout.Name} are of is not fitted yet: call Fit, or Train, with records first.");
            int slot = _layout.Slot, column = 0;
            while (fitted.Layout.Columns[column] is not { Role: ColumnRole.Input, Embedding: > 0 } candidate || candidate.Slot != slot)
            {
                column++;
            }

            RecordColumn declared = fitted.Layout.Columns[column];
            ColumnFit fit = fitted.Fits[column];
            IEnumerable<string> known = declared.Kind switch
            {
                ColumnKind.Member => RecordNames.OfMembers(declared, fit),
                ColumnKind.Text => fit.Texts,
                _ => fit.Integers.Select(declared.Written),
            };
            string?[] categories = new string?[Rows];
            known.ToArray().CopyTo(categories, declared.Kind == ColumnKind.Member ? 0 : 1);
            return categories;
        }
    }

    /// <summary>A value; the reference writes through.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="index">The value's index in it, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or too large.</exception>
    /// <exception cref="InvalidOperationException">The network is the <c>Trained</c> of its class, which is read-only.</exception>
    public ref float this[int row, int index]
    {
        get
        {
            LayerIndex.Check(row, Rows, nameof(row), "rows");
            LayerIndex.Check(index, Length, nameof(index), "values");
            return ref Unsafe.Add(ref _network.ViewedParameters, _layout.Offset + (row * _layout.Stride) + index);
        }
    }
}
