using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>One row as the encoder sees it. Generated code makes a struct of it for each network over records.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TSelf">The struct.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRecordColumns<TRecord, TSelf> where TSelf : unmanaged, IRecordColumns<TRecord, TSelf>
{
    /// <summary>The columns.</summary>
    static abstract RecordLayout Layout { get; }

    /// <summary>Reads the inputs of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="reading">Checks values and looks up categories.</param>
    static abstract TSelf Read(TRecord row, RecordReading reading);

    /// <summary>Reads the targets, the weight, the group and the time of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="reading">Checks values and looks up classes and groups.</param>
    /// <param name="columns">Receives them.</param>
    static abstract void ReadTarget(TRecord row, RecordReading reading, ref TSelf columns);

    /// <summary>The number in a column of kind <see cref="ColumnKind.Number"/>; NaN where it is missing.</summary>
    /// <param name="columns">The row.</param>
    /// <param name="column">The column's index.</param>
    static abstract double Number(ref readonly TSelf columns, int column);

    /// <summary>The member's index, or the slot of a category, class or group.</summary>
    /// <param name="columns">The row.</param>
    /// <param name="column">The column's index.</param>
    static abstract ref int Slot(ref TSelf columns, int column);

    /// <summary>The ticks of a point in time.</summary>
    /// <param name="columns">The row.</param>
    /// <param name="column">The column's index.</param>
    static abstract long Instant(ref readonly TSelf columns, int column);

    /// <summary>Encodes a row.</summary>
    /// <param name="columns">The row.</param>
    /// <param name="fitted">What was learned.</param>
    /// <param name="inputs">The first of its inputs.</param>
    static abstract void Write(ref readonly TSelf columns, FittedEncoder fitted, ref float inputs);

    /// <summary>Makes a record of a row of a file or a database.</summary>
    /// <param name="cells">The row, by number of property.</param>
    static abstract TRecord Create(RecordCells cells);
}
