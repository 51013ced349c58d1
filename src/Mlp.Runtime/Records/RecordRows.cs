using System.Collections;

namespace Mlp.CompilerServices;

/// <summary>Records of a file or a database, made one by one as they are asked for.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TColumns">The encoder's columns.</typeparam>
/// <param name="open">Opens the source, before its first row.</param>
internal sealed class RecordRows<TRecord, TColumns>(Func<RecordCells> open) : IEnumerable<TRecord>
    where TColumns : unmanaged, IRecordColumns<TRecord, TColumns>
{
    /// <summary>Opens the source.</summary>
    public Enumerator GetEnumerator() => new(open());

    IEnumerator<TRecord> IEnumerable<TRecord>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A place in the source.</summary>
    /// <param name="cells">The source.</param>
    internal sealed class Enumerator(RecordCells cells) : IEnumerator<TRecord>
    {
        private TRecord? _current;

        /// <summary>The present row, whose place errors name.</summary>
        public RecordCells Cells => cells;

        public TRecord Current => _current!;

        object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            bool isRow = cells.MoveNext();
            _current = isRow ? TColumns.Create(cells) : default;
            return isRow;
        }

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => cells.Dispose();
    }
}
