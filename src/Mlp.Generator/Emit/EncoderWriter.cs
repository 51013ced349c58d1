using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>Writes the struct that has a row's columns: how they are read from a record, and how they become inputs.</summary>
internal sealed class EncoderWriter(RecordModel record)
{
    private const string Columns = MemberNames.ColumnsType;

    /// <summary>Names that a field cannot have.</summary>
    private static readonly string[] Taken =
    [
        Columns, "Read", "Write", "ReadTarget", "Number", "Slot", "Instant", "Create", "Layout",
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals",
    ];

    public void Write(SourceWriter w)
    {
        string self = $"Mlp::IRecordColumns<{record.TypeName}, {Columns}>";
        w.Lines("/// <summary>A row as the encoder sees it: numbers where NaN is missing, categories as slots, times as ticks.</summary>");
        using (w.Block($"private struct {Columns} : {self}"))
        {
            WriteFields(w);
            WriteRead(w);
            WriteEncode(w);
            WriteReadTarget(w);
            WriteAccess(w);
            WriteCreate(w);
            WriteLayout(w);
        }
    }

    private void WriteFields(SourceWriter w)
    {
        foreach (ColumnModel column in record.Columns)
        {
            w.Lines($"public {FieldType(column)} {Name(column)};");
        }

        w.Line();
    }

    private void WriteRead(SourceWriter w)
    {
        w.Lines("// The inputs of a row, checked.");
        using (w.Block($"public static {Columns} Read({record.TypeName} row, Mlp::RecordReading reading)"))
        {
            w.Lines($"{Columns} columns = default;");
            foreach ((ColumnModel column, int index) in Indexed().Where(static pair => pair.Column.Role == ColumnRole.Input))
            {
                w.Lines($"columns.{Name(column)} = {Reading(column, index)};");
            }

            w.Lines("return columns;");
        }
    }

    private void WriteEncode(SourceWriter w)
    {
        w.Lines("// From columns to inputs, each with what it makes and where.");
        using (w.Block($"public static void Write(ref readonly {Columns} columns, Mlp::FittedEncoder fitted, ref float x)"))
        {
            bool isFirst = true;
            foreach ((ColumnModel column, int index) in Indexed().Where(static pair => pair.Column.Role == ColumnRole.Input))
            {
                if (!isFirst)
                {
                    w.Line();
                }

                isFirst = false;
                w.Lines($"// {column.Name}: {column.Declaration}. {Slots(column)}");
                switch (column.Kind)
                {
                    case ColumnKind.Number:
                        WriteNumber(w, column, index);
                        break;
                    case ColumnKind.Time:
                        WriteTime(w, column);
                        break;
                    default:
                        w.Lines(column.Embedding > 0
                            ? $"{At(column.Slot)} = {RowOfTable(column)};"
                            : $"Mlp::Encode.OneHot(columns.{Name(column)}, {column.Width}, ref {At(column.Slot)});");
                        break;
                }
            }
        }
    }

    /// <summary>The row of a table: a category's slot, the last for an enum that is null.</summary>
    private static string RowOfTable(ColumnModel column) => column is { Kind: ColumnKind.Member, IsNullable: true }
        ? $"columns.{Name(column)} < 0 ? {column.TableRows - 1} : columns.{Name(column)}"
        : $"columns.{Name(column)}";

    private void WriteNumber(SourceWriter w, ColumnModel column, int index)
    {
        string value = $"columns.{Name(column)}";
        string local = Local(column, index);
        string wide = FieldType(column) == "float" ? $"Mlp::Encode.Widened({value})" : value;
        bool needsFit = CanBeMissing(column) || column.Bins > 0 || column.Scale != Scale.None;
        if (needsFit)
        {
            w.Lines($"ref readonly Mlp::NumberFit {local}Fit = ref fitted.Number({index});");
        }

        string present = CanBeMissing(column) ? $"double.IsNaN({value}) ? {local}Fit.Fill : {wide}" : wide;
        w.Lines($"double {local}Value = {(column.Log ? $"Mlp::Encode.SignedLog({present})" : present)};");
        if (column.Bins > 0)
        {
            w.Lines($"Mlp::Encode.PiecewiseLinear({local}Value, {local}Fit.Edges, ref {At(column.Slot)});");
        }
        else
        {
            string scaled = column.Scale == Scale.None ? $"{local}Value" : $"({local}Value - {local}Fit.Center) / {local}Fit.Spread";
            string limit = $"{Double(column.Clip)}";
            w.Lines($"{At(column.Slot)} = (float){(column.Clip > 0 ? $"System::Math.Clamp({scaled}, -{limit}, {limit})" : column.Scale == Scale.None ? scaled : $"({scaled})")};");
        }

        if (column.Indicator)
        {
            w.Lines($"{At(column.Slot + Math.Max(column.Bins, 1))} = double.IsNaN({value}) ? 1f : 0f;");
        }
    }

    private static void WriteTime(SourceWriter w, ColumnModel column)
    {
        int slot = column.Slot;
        foreach (Cycles cycle in new[] { Cycles.Hour, Cycles.DayOfWeek, Cycles.DayOfYear }.Where(cycle => (column.Cycles & cycle) != 0))
        {
            w.Lines($"Mlp::Encode.{cycle}(columns.{Name(column)}, ref {At(slot)});");
            slot += 2;
        }
    }

    private void WriteReadTarget(SourceWriter w)
    {
        w.Lines("// What is learned, and what a row counts, belongs to and when it came about.");
        using (w.Block($"public static void ReadTarget({record.TypeName} row, Mlp::RecordReading reading, ref {Columns} columns)"))
        {
            foreach ((ColumnModel column, int index) in Indexed().Where(static pair => pair.Column.Role != ColumnRole.Input))
            {
                w.Lines($"columns.{Name(column)} = {Reading(column, index)};");
            }
        }
    }

    private void WriteAccess(SourceWriter w)
    {
        w.Lines($"public static double Number(ref readonly {Columns} columns, int column) => {Switch(ColumnKind.Number, static name => $"columns.{name}", "double.NaN")};");
        w.Line();
        w.Lines($"public static long Instant(ref readonly {Columns} columns, int column) => {Switch(ColumnKind.Time, static name => $"columns.{name}", "Mlp::RecordReading.NoInstant", ColumnRole.EventTime)};");
        w.Line();
        using (w.Block($"public static ref int Slot(ref {Columns} columns, int column)"))
        {
            using (w.Block("switch (column)"))
            {
                foreach ((ColumnModel column, int index) in Indexed().Where(static pair => FieldType(pair.Column) == "int" && pair.Column.Kind != ColumnKind.Number))
                {
                    w.Lines($"case {index}: return ref columns.{Name(column)};");
                }

                w.Lines("default: throw new System::ArgumentOutOfRangeException(nameof(column));");
            }
        }
    }

    private string Switch(ColumnKind kind, Func<string, string> value, string otherwise, ColumnRole? role = null)
    {
        string[] arms =
        [
            .. Indexed().Where(pair => role is null ? pair.Column.Kind == kind : pair.Column.Role == role || pair.Column.Kind == kind)
                .Select(pair => $"{pair.Index} => {value(Name(pair.Column))}"),
        ];
        return arms.Length == 0 ? otherwise : $"column switch\n{{\n    {string.Join(",\n    ", [.. arms, $"_ => {otherwise}"])},\n}}";
    }

    private void WriteCreate(SourceWriter w)
    {
        string head = $"public static {record.TypeName} Create(Mlp::RecordCells cells)";
        w.Line();
        if (!record.CanBeMade)
        {
            w.Lines($"{head} => throw new System::NotSupportedException();");
            return;
        }

        w.Lines("// A record of a row of a file or a database.");
        (string Name, string? Parameter, string Value)[] values = [.. record.Properties.Items.Select((property, index) => (CSharpName.Escape(property.Name), property.Parameter, Cell(property, index)))];
        string arguments = string.Join(", ", values.Where(static value => value.Parameter is not null).Select(static value => $"{CSharpName.Escape(value.Parameter!)}: {value.Value}"));
        string[] initializers = [.. values.Where(static value => value.Parameter is null).Select(static value => $"{value.Name} = {value.Value},")];
        w.Lines($"{head} => new {record.TypeName}({arguments}){(initializers.Length == 0 ? "" : $"\n{{\n    {string.Join("\n", initializers).Replace("\n", "\n    ")}\n}}")};");
    }

    private static string Cell(PropertyModel property, int index)
    {
        string optional = property.IsNullable && property.Kind != CellKind.Text ? "Optional" : "";
        return property.Kind switch
        {
            CellKind.Text => property.IsNullable ? $"cells.Text({index})" : $"cells.RequiredText({index})",
            CellKind.Boolean => $"cells.{optional}Boolean({index})",
            CellKind.Value => $"cells.{(property.IsNullable ? "Optional" : "Value")}<{property.TypeName}>({index})",
            _ => OneOf(
                $"cells.{optional}Member({index})",
                property.Members.Items.Select((member, number) => $"{number} => {property.TypeName}.{CSharpName.Escape(member)}"),
                property.IsNullable ? "null" : $"default({property.TypeName})"),
        };
    }

    private void WriteLayout(SourceWriter w)
    {
        w.Line();
        w.Lines("public static Mlp::RecordLayout Layout { get; } = new(");
        WriteList(w, record.Columns.Items.Select(static column => TextLines.Join("new Mlp::RecordColumn { ", ", ", Initializers(column), "\n            ") + " }"), ",");
        WriteList(w, record.Properties.Items.Select(static property =>
            TextLines.Join("new Mlp::RecordProperty(", ", ", [Literals.Text(property.Name), Literals.Text(property.Column), property.IsRequired ? "true" : "false", .. property.Members.Items.Select(Literals.Text)], "\n            ") + ")"), ");");
    }

    private static void WriteList(SourceWriter w, IEnumerable<string> items, string end)
    {
        string list = string.Join(",\n        ", items);
        w.Lines(list.Length == 0 ? $"    []{end}" : $"    [\n        {list},\n    ]{end}");
    }

    private static IEnumerable<string> Initializers(ColumnModel column) =>
    [
        $"Name = {Literals.Text(column.Name)}",
        .. column.Role == ColumnRole.Input ? [] : (string[])[$"Role = Mlp::ColumnRole.{column.Role}"],
        $"Kind = Mlp::ColumnKind.{column.Kind}",
        .. column.Width == 0 ? [] : (string[])[$"Slot = {column.Slot}", $"Width = {column.Width}"],
        .. column.IsNullable ? ["IsNullable = true"] : (string[])[],
        .. column.Scale == Scale.Standard ? [] : (string[])[$"Scale = global::Mlp.Scale.{column.Scale}"],
        .. column.Log ? ["Log = true"] : (string[])[],
        .. column.Missing == Missing.Refuse ? [] : (string[])[$"Missing = global::Mlp.Missing.{column.Missing}"],
        .. column.Indicator ? ["Indicator = true"] : (string[])[],
        .. column.Bins == 0 ? [] : (string[])[$"Bins = {column.Bins}"],
        .. column.Clip == 0 ? [] : (string[])[$"Clip = {Double(column.Clip)}"],
        .. column.Members.Count == 0 ? [] : (string[])[TextLines.Join("Members = [", ", ", column.Members.Items.Select(Literals.Text), "\n            ") + "]"],
        .. column is { Role: ColumnRole.Target, TypeName: "bool" } ? ["Members = [\"false\", \"true\"]"] : (string[])[],
        .. column.IsUnsigned ? ["IsUnsigned = true"] : (string[])[],
        .. column.IsLearnedCategory ? [$"Capacity = {column.Capacity}"] : (string[])[],
        .. column.MinimumCount == 1 ? [] : (string[])[$"MinimumCount = {column.MinimumCount}"],
        .. column.Embedding == 0 ? [] : (string[])[$"Embedding = {column.Embedding}"],
        .. column.Cycles == Cycles.None ? [] : (string[])[$"Cycles = {string.Join(" | ", $"{column.Cycles}".Split([", "], StringSplitOptions.None).Select(static cycle => $"global::Mlp.Cycles.{cycle}"))}"],
    ];

    private IEnumerable<(ColumnModel Column, int Index)> Indexed() => record.Columns.Items.Select(static (column, index) => (column, index));

    /// <summary>How a property becomes a column's field.</summary>
    private static string Reading(ColumnModel column, int index)
    {
        string value = $"row.{CSharpName.Escape(column.Name)}";
        return (column.Kind, column.Role) switch
        {
            (ColumnKind.Number, ColumnRole.Input) => FieldType(column) == "int" ? value : $"reading.Number({index}, {Number(column, value)})",
            (ColumnKind.Number, ColumnRole.Target) => $"reading.Target({index}, {Number(column, value)})",
            (ColumnKind.Number, _) => $"reading.Weight({index}, {Number(column, value)})",
            (ColumnKind.Member, _) => $"reading.Member({index}, {Member(column, value)})",
            (ColumnKind.Text, ColumnRole.Target) => $"reading.Class({index}, {value})",
            (ColumnKind.Text or ColumnKind.Integer, ColumnRole.Group) => $"reading.Group({index}, {(IsSmall(column) ? value : Integer(column, value))})",
            (ColumnKind.Text or ColumnKind.Integer, ColumnRole.Input) => $"reading.Category({index}, {Integer(column, value)})",
            (_, ColumnRole.EventTime) => $"reading.EventTime({index}, {Instant(column, value)})",
            _ => $"Mlp::RecordReading.Ticks({value})",
        };
    }

    /// <summary>A point in time that can be compared: of a time with an offset that of the common clock.</summary>
    private static string Instant(ColumnModel column, string value) =>
        column.Kind != ColumnKind.Time ? Integer(column, value)
        : column.TypeName == "global::System.DateTimeOffset" ? $"{value}{(column.IsNullable ? "?" : "")}.UtcTicks"
        : $"Mlp::RecordReading.Ticks({value})";

    private static string Number(ColumnModel column, string value)
    {
        // Read as it is, so that what a float cannot hold is told by its value.
        string type = column.TypeName == "double" ? "double" : FieldType(column);
        string cast = column.TypeName == type || column.TypeName == "bool" ? "" : $"({type})";
        if (column.TypeName == "bool")
        {
            return column.IsNullable ? $"{value} is bool is{column.Name} ? is{column.Name} ? 1f : 0f : float.NaN" : $"{value} ? 1f : 0f";
        }

        return column.IsNullable ? $"{(cast.Length == 0 ? value : $"({type}?){value}")} ?? {type}.NaN" : cast + value;
    }

    /// <summary>Whether every value of an integer is an int.</summary>
    private static bool IsSmall(ColumnModel column) => column is { TypeName: "sbyte" or "byte" or "short" or "ushort" or "int" };

    /// <summary>Text as it is, an integer or bool as long.</summary>
    private static string Integer(ColumnModel column, string value) => column.Kind == ColumnKind.Text ? value
        : column.TypeName == "bool" ? (column.IsNullable ? $"{value} is bool is{column.Name} ? is{column.Name} ? 1L : 0L : null" : $"{value} ? 1L : 0L")
        : column.IsNullable ? $"unchecked((long?){value})"
        : $"unchecked((long){value})";

    private static string Member(ColumnModel column, string value)
    {
        IEnumerable<string> arms = column.Members.Items.Select((member, number) => $"{column.TypeName}.{CSharpName.Escape(member)} => {number}");
        string[] none = column.IsNullable ? ["null => Mlp::RecordReading.NoMember"] : [];
        return $"{OneOf(value, arms.Concat(none), "Mlp::RecordReading.UnknownMember")}, unchecked((long){(column.IsNullable ? $"({value} ?? default)" : value)})";
    }

    /// <summary>A switch, in one line where it fits.</summary>
    private static string OneOf(string value, IEnumerable<string> arms, string otherwise)
    {
        string[] all = [.. arms, $"_ => {otherwise}"];
        string line = $"{value} switch {{ {string.Join(", ", all)} }}";
        return line.Length < TextLines.MostColumns ? line : $"{value} switch\n{{\n    {TextLines.Join("", ", ", all, "\n    ")},\n}}";
    }

    /// <summary>The smallest type that keeps a column's values exactly, but for what is beyond double.</summary>
    private static string FieldType(ColumnModel column) => column.Kind switch
    {
        ColumnKind.Number when column.Role is ColumnRole.Target or ColumnRole.Weight => "float",
        ColumnKind.Number => column.TypeName is "bool" or "sbyte" or "byte" or "short" or "ushort" or "float" or "global::System.Half" ? "float"
            : column is { TypeName: "int", IsNullable: false } ? "int"
            : "double",
        ColumnKind.Time => "long",
        ColumnKind.Integer when column.Role == ColumnRole.EventTime => "long",
        _ => "int",
    };

    private static bool CanBeMissing(ColumnModel column) => column.Missing != Missing.Refuse && (column.IsNullable || column.TypeName is "float" or "double" or "global::System.Half");

    private static string Slots(ColumnModel column) =>
        column.Embedding > 0 ? $"Input {column.Slot}: the row of its table [{column.TableRows} × {column.Embedding}]."
        : column.Width == 1 ? $"Input {column.Slot}."
        : $"Inputs {column.Slot} to {column.Slot + column.Width - 1}.";

    private static string At(int slot) => slot == 0 ? "x" : $"Compiler::Unsafe.Add(ref x, {slot})";

    private static string Double(double value) => Literals.Short(value);

    /// <summary>The field, which cannot be called like the struct or another member of it.</summary>
    private static string Name(ColumnModel column) => Taken.Contains(column.Name) ? column.Name + "_" : CSharpName.Escape(column.Name);

    /// <summary>What the locals of a column begin with; columns that differ by case alone are told apart by their number.</summary>
    private string Local(ColumnModel column, int index)
    {
        string name = char.ToLowerInvariant(column.Name[0]) + column.Name.Substring(1);
        return record.Columns.Items.Count(other => string.Equals(other.Name, column.Name, StringComparison.OrdinalIgnoreCase)) == 1 ? name : $"{name}{index}";
    }
}
