namespace Mlp;

public sealed partial class DataLoader
{
    /// <summary>
    /// The batches of one epoch of a <see cref="DataLoader"/>, for <see langword="foreach"/>. Reading them allocates nothing.
    /// </summary>
    public readonly struct EpochBatches
    {
        private readonly DataLoader _loader;
        private readonly RandomStream _order;
        private readonly int _first;

        internal EpochBatches(DataLoader loader, RandomStream order, int first)
        {
            _loader = loader;
            _order = order;
            _first = first;
        }

        /// <summary>Begins the epoch: orders the rows, and ends the visit of any other epoch of the loader.</summary>
        public Enumerator GetEnumerator() => new(_loader, _loader.Begin(_order), _first);

        /// <summary>A place in an epoch.</summary>
        public struct Enumerator
        {
            private readonly DataLoader _loader;
            private readonly int _visit;
            private int _index;

            internal Enumerator(DataLoader loader, int visit, int first)
            {
                _loader = loader;
                _visit = visit;
                _index = first - 1;
            }

            /// <summary>The present batch, valid until the next call of <see cref="MoveNext"/>.</summary>
            public readonly Batch Current => _loader.Filled(_index);

            /// <summary>Goes on to the next batch.</summary>
            /// <returns>Whether there is one.</returns>
            /// <exception cref="InvalidOperationException">Another epoch of the loader was begun in the meantime.</exception>
            public bool MoveNext()
            {
                if (++_index >= _loader.BatchesPerEpoch)
                    return false;

                _loader.Fill(_visit, _index);
                return true;
            }
        }
    }
}
