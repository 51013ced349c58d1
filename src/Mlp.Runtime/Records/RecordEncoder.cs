using System.ComponentModel;
using System.Data.Common;

namespace Mlp.CompilerServices;

/// <summary>Fits a network's encoder to records, and makes data sets of them. The members of generated classes call it.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TColumns">The encoder's columns.</typeparam>
/// <remarks>
/// Every source is enumerated once, and may reuse one object for all rows. A value that cannot be read throws <see cref="ArgumentException"/> with the number
/// of the row from 0, or for rows of a file or a database <see cref="InvalidDataException"/> with its place; both name the property.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RecordEncoder<TRecord, TColumns> where TColumns : unmanaged, IRecordColumns<TRecord, TColumns>
{
    /// <summary>Learns what the encoder needs to know of its columns, once. Runs alone.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The rows, at least one.</param>
    /// <exception cref="InvalidOperationException">The network is fitted already, or training; nothing was changed.</exception>
    /// <exception cref="ArgumentException">There are no rows, or one cannot be read; nothing was changed.</exception>
    public static void Fit(NetworkState network, IEnumerable<TRecord> rows)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        using (network.Exclusively(nameof(Fit)))
        {
            if (network.Fitted is not null)
            {
                throw new InvalidOperationException(
                    "The network is fitted already. What is fitted is fitted once, as the weights learn with it: make a new network to fit it to other rows.");
            }

            FittingReading reading = new(TColumns.Layout);
            using KeptRows<TRecord, TColumns> kept = new(reading);
            kept.AddAll(rows);
            network.Adopt(Fitted(network.Layout, reading, kept, out _));
        }
    }

    /// <summary>Encodes rows. May run at any time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>Inputs, targets or labels, weights, groups and times, with the names of inputs and classes.</returns>
    /// <exception cref="InvalidOperationException">The network is not fitted.</exception>
    /// <exception cref="ArgumentException">A row cannot be read.</exception>
    public static Dataset Encode(NetworkState network, IEnumerable<TRecord> rows)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        return Encode(network, rows, nameof(Encode));
    }

    /// <summary>Encodes rows as they come. May run at any time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <inheritdoc cref="Encode(NetworkState, IEnumerable{TRecord})"/>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static async ValueTask<Dataset> EncodeAsync(NetworkState network, IAsyncEnumerable<TRecord> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        FittedEncoder fitted = network.FittedEncoder(nameof(EncodeAsync));
        using KeptRows<TRecord, TColumns> kept = new(new EncodingReading(fitted));
        await foreach (TRecord row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            kept.Add(row);
        }

        // A source that heeds the token may end as if it had no more rows.
        cancellationToken.ThrowIfCancellationRequested();
        return kept.Encode(fitted, slots: [], network.Layout);
    }

    /// <summary>Reads a CSV file with a header, row by row, as it is enumerated; each enumeration opens it anew.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark.</param>
    /// <returns>The rows. Errors of the file are thrown by their enumeration.</returns>
    /// <exception cref="InvalidDataException">
    /// A column that is needed is missing, one is of no property, or a cell does not fit its property; says line, column and property.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static IEnumerable<TRecord> ReadRows(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OfFile(path);
    }

    /// <summary>Reads the rows that a database reader has left, as they are enumerated, which they can be once. The reader stays open.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The rows. Errors are thrown by their enumeration.</returns>
    /// <exception cref="InvalidDataException">
    /// A column that is needed is missing, one is of no property, or a value does not fit its property; says row, column and property.
    /// </exception>
    public static IEnumerable<TRecord> ReadRows(DbDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        bool isRead = false;
        return new RecordRows<TRecord, TColumns>(() =>
        {
            if (isRead)
            {
                throw new InvalidOperationException("The rows of a database reader can be enumerated once; execute the command again.");
            }

            isRead = true;
            return new DatabaseCells(TColumns.Layout, typeof(TRecord).Name, reader);
        });
    }

    /// <summary>Encodes the rows of a CSV file with a header. May run at any time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark; it has columns for targets, weights, groups and times too.</param>
    /// <returns>The same as <see cref="Encode(NetworkState, IEnumerable{TRecord})"/>.</returns>
    /// <exception cref="InvalidOperationException">The network is not fitted.</exception>
    /// <inheritdoc cref="ReadRows(string)"/>
    public static Dataset ReadCsv(NetworkState network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Encode(network, OfFile(path), nameof(ReadCsv));
    }

    /// <summary>Encodes rows, and fits the network to them first where it is not fitted, for a caller that has it for itself.</summary>
    internal static Dataset EncodeFitted(NetworkState network, IEnumerable<TRecord> rows)
    {
        if (network.Fitted is not null)
        {
            return Encode(network, rows, nameof(Encode));
        }

        FittingReading reading = new(TColumns.Layout);
        using KeptRows<TRecord, TColumns> kept = new(reading);
        kept.AddAll(rows);
        FittedEncoder fitted = Fitted(network.Layout, reading, kept, out int[]?[] slots);
        Dataset data = kept.Encode(fitted, slots, network.Layout);
        network.Adopt(fitted);
        return data;
    }

    private static Dataset Encode(NetworkState network, IEnumerable<TRecord> rows, string member)
    {
        FittedEncoder fitted = network.FittedEncoder(member);
        using KeptRows<TRecord, TColumns> kept = new(new EncodingReading(fitted));
        kept.AddAll(rows);
        return kept.Encode(fitted, slots: [], network.Layout);
    }

    private static RecordRows<TRecord, TColumns> OfFile(string path) =>
        new(() => CsvCells.Open(TColumns.Layout, typeof(TRecord).Name, path));

    /// <summary>Learns from rows that were read.</summary>
    /// <param name="network">The network's layout.</param>
    /// <param name="reading">What was counted while they were read.</param>
    /// <param name="kept">The rows.</param>
    /// <param name="slots">For each column, the slots or labels of the numbers that its categories have in the rows; null where there are none.</param>
    private static FittedEncoder Fitted(NetworkLayout network, FittingReading reading, KeptRows<TRecord, TColumns> kept, out int[]?[] slots)
    {
        if (kept.Count == 0)
        {
            throw new ArgumentException("There are no rows to fit to; at least 1 is needed.", "rows");
        }

        RecordLayout layout = TColumns.Layout;
        ColumnFit[] fits = new ColumnFit[layout.Columns.Length];
        slots = new int[]?[fits.Length];
        for (int column = 0; column < fits.Length; column++)
        {
            RecordColumn declared = layout.Columns[column];
            fits[column] = ColumnFit.None;
            if (declared is { Kind: ColumnKind.Number, Role: ColumnRole.Input })
            {
                fits[column] = new ColumnFit { Number = Fitted(declared, new KeptNumbers<TRecord, TColumns>(kept, column)) };
            }
            else if (reading.FitOf(column) is (ColumnFit fit, int[] slotsOfNumbers))
            {
                fits[column] = fit;
                slots[column] = slotsOfNumbers;
            }
        }

        FittedEncoder fitted = new(layout, fits);
        if (network.Loss == LossFunction.CrossEntropy && fitted.ClassNames is { } classes && classes.Count != network.OutputSize)
        {
            throw new ArgumentException(
                $"{layout.Columns[layout.ClassColumn!.Value].Name} has {classes.Count} classes in these rows, {QuotedText.List(classes)}; the network has "
                + $"{network.OutputSize} outputs, one for each of {network.OutputSize} classes.",
                "rows");
        }

        return fitted;
    }

    private static NumberFit Fitted(RecordColumn column, NumberSource values)
    {
        NumberFit fit = NumberStatistics.Fit(column, values);
        return double.IsFinite(fit.Fill) && double.IsFinite(fit.Center) && double.IsFinite(fit.Spread) && fit.Edges.All(double.IsFinite)
            ? fit
            : throw new ArgumentException($"{column.Name} has numbers so large that their statistics are none; Log = true, or another unit, makes them smaller.", "rows");
    }
}
