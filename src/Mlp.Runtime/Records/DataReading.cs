using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>Reads the rows of a data set: errors name their place, and groups are numbered.</summary>
internal abstract class DataReading : RecordReading
{
    private readonly Dictionary<string, int> _groups = [];

    private protected DataReading(RecordLayout layout, int[]?[] slotsOfMembers)
        : base(layout, slotsOfMembers)
    {
    }

    /// <summary>Number of the present row in its source, from 0.</summary>
    public long Row { get; set; }

    /// <summary>The present row of a file or a database; null where rows come from elsewhere.</summary>
    public RecordCells? Cells { get; set; }

    internal override Exception Refused(int column, string problem)
    {
        string name = Layout.Columns[column].Name;
        return Cells is null
            ? new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {Row}: {name} {problem}."), "rows")
            : Cells.Error(name, $"it {problem}");
    }

    private protected override int NumberOfGroup(string text)
    {
        if (!_groups.TryGetValue(text, out int number))
        {
            number = _groups.Count;
            _groups.Add(text, number);
        }

        return number;
    }
}
