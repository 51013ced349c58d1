using System.Globalization;

namespace Mlp;

/// <summary>
/// Counts how many different numbers of each column are still different in single precision: times in seconds since 1970 lie up to
/// 128 seconds apart there.
/// </summary>
/// <remarks>
/// Counts block by block of rows, so that memory is bounded. A block has some 130,000 cells: smaller tables are counted exactly.
/// </remarks>
internal sealed class ResolutionCheck
{
    private const int CellsInBlock = 1 << 17;
    private const int FewestRowsInBlock = 64;

    private readonly int _columns;
    private readonly int _rowsInBlock;
    private readonly Column[] _counts;
    private ulong[] _ofColumn = [];
    private ulong[] _block = [];
    private int _cells;

    /// <param name="columns">Cells of a row, at least 1.</param>
    public ResolutionCheck(int columns)
    {
        _columns = columns;
        _rowsInBlock = Math.Max(CellsInBlock / columns, FewestRowsInBlock);
        _counts = new Column[columns];
    }

    /// <summary>Takes the next cell, row by row.</summary>
    /// <param name="text">How the number is written.</param>
    /// <param name="number">The number in double precision.</param>
    /// <param name="value">The number in single precision.</param>
    public void Add(ReadOnlySpan<byte> text, double number, float value)
    {
        if (_cells == _block.Length)
            Array.Resize(ref _block, (int)Math.Min(Math.Max(2L * _cells, 256), (long)_rowsInBlock * _columns));

        // Up to seven characters are six digits, or a whole number below 2²⁴: all of these are different in single precision.
        if (text.Length > 7 || (number != 0 && !float.IsNormal(value)))
            _counts[_cells % _columns].MayLose = true;

        value += 0f; // −0 is 0.
        _block[_cells++] = ((ulong)BitConverter.SingleToUInt32Bits(value) << 32) | (uint)((Identity(text, number) * 0x9E3779B97F4A7C15) >> 32);
        if (_cells == _rowsInBlock * _columns)
            CountBlock();
    }

    /// <summary>What is wrong with the first column that keeps half or fewer of its different numbers.</summary>
    /// <returns>The column and the problem with the way on, or <see langword="null"/>.</returns>
    public (int Column, string Problem)? Finish()
    {
        CountBlock();
        int column = Array.FindIndex(_counts, static count => count.Numbers > 0 && 2 * count.Values <= count.Numbers);
        if (column < 0)
            return null;

        Column found = _counts[column];
        string example = ((double)found.Lossy).ToString(CultureInfo.InvariantCulture);
        string remedy = float.IsNormal(found.Lossy) ? $"Subtract {example} from all of them" : "Multiply all of them by a large number";
        return (column, $"of its {found.Numbers} different numbers single precision tells {found.Values} apart. {remedy} before they are written.");
    }

    /// <summary>Equal for equal numbers, and for those that only rounding in double precision set apart, such as 0.3 and 0.1 + 0.2.</summary>
    private static ulong Identity(ReadOnlySpan<byte> text, double number)
    {
        const double WholeNumbersEnd = 1L << 53;
        return Math.Abs(number) >= WholeNumbersEnd && Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 whole)
            ? (ulong)whole
            : (BitConverter.DoubleToUInt64Bits(number + 0.0) + 8) >> 4;
    }

    private void CountBlock()
    {
        int rows = _cells / _columns;
        for (int column = 0; column < _columns; column++)
        {
            if (_counts[column].MayLose)
                Count(column, rows);
        }

        _cells = 0;
    }

    private void Count(int column, int rows)
    {
        if (_ofColumn.Length < rows)
            _ofColumn = new ulong[rows];

        Span<ulong> cells = _ofColumn.AsSpan(0, rows);
        for (int row = 0; row < rows; row++)
            cells[row] = _block[(row * _columns) + column];
        cells.Sort();

        ref Column count = ref _counts[column];
        count.MayLose = false;
        int numbers = 1, values = 1;
        for (int row = 1; row < rows; row++)
        {
            if (cells[row] == cells[row - 1])
                continue;

            numbers++;
            if (cells[row] >> 32 != cells[row - 1] >> 32)
                values++;
            else if (numbers - values == 1 && count.Numbers == count.Values)
                count.Lossy = BitConverter.UInt32BitsToSingle((uint)(cells[row] >> 32));
        }

        // One number says nothing about a spread.
        if (numbers > 1)
        {
            count.Numbers += numbers;
            count.Values += values;
        }
    }

    /// <summary>What was counted of a column.</summary>
    private struct Column
    {
        /// <summary>Whether different numbers of the present block can be one in single precision.</summary>
        public bool MayLose;

        /// <summary>Different numbers, summed over blocks that have at least two.</summary>
        public long Numbers;

        /// <summary>Different values in single precision, summed over the same blocks.</summary>
        public long Values;

        /// <summary>A value that is several numbers.</summary>
        public float Lossy;
    }
}
