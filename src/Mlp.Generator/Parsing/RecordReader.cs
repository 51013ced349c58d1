using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>The columns that the attributes on a record's properties describe.</summary>
internal static class RecordReader
{
    private static readonly SymbolDisplayFormat FullNames =
        SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <param name="network">The class.</param>
    /// <param name="input">Its <c>[Input&lt;TRecord&gt;]</c>.</param>
    /// <param name="attributes">Those of the anchored declaration, in source order.</param>
    /// <param name="loss">The loss; null where there is none.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="token">Asked once a property.</param>
    /// <returns>The record, with what could be understood; null where its type is an error, or one that generated code cannot name.</returns>
    public static RecordModel? Read(
        INamedTypeSymbol network, NetworkAttribute input, NetworkAttribute[] attributes, LossFunction? loss, ProblemList problems, CancellationToken token)
    {
        if (input.Record is not { } type)
        {
            return null;
        }

        if (IsOfOneFile(type))
        {
            problems.Add(Descriptors.HiddenRecord, input.PlaceOfRecord, type.Name, network.Name);
            return null;
        }

        List<ColumnModel> columns = [];
        List<(ColumnModel Column, Location Place)> targets = [];
        Dictionary<ColumnRole, string> only = [];
        RecordProperty[] properties = [.. RecordProperty.Of(type, network, input.PlaceOfRecord, token)];
        int slot = 0;
        foreach (RecordProperty property in properties.Where(static property => property.Attributes.Length > 0))
        {
            token.ThrowIfCancellationRequested();
            if (ColumnReader.Read(property, slot, problems) is not { } column)
            {
                continue;
            }

            if (column.Role is ColumnRole.Weight or ColumnRole.Group or ColumnRole.EventTime)
            {
                if (only.TryGetValue(column.Role, out string other))
                {
                    problems.Add(Descriptors.SecondRole, property.Place, property.Name, $"{column.Role}", other);
                    continue;
                }

                only.Add(column.Role, property.Name);
            }
            else if (column.Role == ColumnRole.Target)
            {
                targets.Add((column, property.Attributes[0].Place));
            }

            columns.Add(column);
            slot += column.Width;
        }

        foreach ((IParameterSymbol parameter, ColumnAttribute attribute) in RecordProperty.WithoutProperty(type, network, properties, input.PlaceOfRecord, token))
        {
            problems.Add(Descriptors.UnreadableProperty, attribute.Place, parameter.Name, $"{attribute.Kind}");
        }

        string name = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        bool isComplete = !RecordProperty.AnyHasUnknown(type, properties);
        if (slot == 0 && isComplete)
        {
            problems.Add(Descriptors.RecordWithoutInputs, input.PlaceOfRecord, name);
        }
        else if (slot > LayerReader.MaxSize)
        {
            problems.Add(
                Descriptors.SizeTooLarge, input.PlaceOfRecord, $"Record '{name}'", LayerReader.Format(slot), "inputs", LayerReader.Format(LayerReader.MaxSize));
        }

        long inTables = columns.Sum(static column => (long)column.TableRows * column.Embedding);
        if (inTables > LayerReader.MaxParameters)
        {
            problems.Add(
                Descriptors.TooManyParameters, input.PlaceOfRecord, $"the tables of '{name}'", LayerReader.Format(inTables), LayerReader.Format(LayerReader.MaxParameters));
            columns = [.. columns.Select(static column => column with { Embedding = Math.Min(column.Embedding, 1) })];
        }

        if (loss is LossFunction learned && slot > 0 && isComplete)
        {
            TargetReader.Check(targets, learned, attributes.LastOrDefault(static attribute => attribute.Kind == AttributeKind.Dense), name, input.PlaceOfRecord, problems);
        }

        string access = Access(type, network, name, input, problems);
        return new RecordModel
        {
            TypeName = CodeName(type),
            ShortName = name,
            SignatureName = type.ToDisplayString(FullNames),
            IsReference = type.IsReferenceType,
            IsComplete = isComplete,
            Access = access,
            Columns = new([.. columns]),
            Properties = RecordMaker.Read(type, network, properties, problems),
        };
    }

    /// <summary>A type in full, as generated code names it.</summary>
    public static string CodeName(ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers));

    /// <summary>What members that name the record can be: as visible as the network, or as the record where that is less, which no member can be where it is private.</summary>
    private static string Access(ITypeSymbol type, INamedTypeSymbol network, string name, NetworkAttribute input, ProblemList problems)
    {
        int record = Visibility(type);
        if (record >= Visibility(network))
        {
            return "public";
        }

        if (record == 0)
        {
            problems.Add(Descriptors.HiddenRecord, input.PlaceOfRecord, name, network.Name);
            return "private";
        }

        return "internal";
    }

    /// <summary>Whether a type is seen in the file of its declaration alone, so not by generated code.</summary>
    private static bool IsOfOneFile(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsFileLocal: true } || (type.ContainingType is { } container && IsOfOneFile(container));

    /// <summary>2 for what everybody sees, 1 for what the project sees, 0 for less.</summary>
    private static int Visibility(ITypeSymbol type)
    {
        int least = 2;
        for (ITypeSymbol? symbol = type; symbol is not null; symbol = symbol.ContainingType)
        {
            least = Math.Min(least, symbol.DeclaredAccessibility switch
            {
                Accessibility.Public or Accessibility.NotApplicable => 2,
                Accessibility.Internal or Accessibility.ProtectedOrInternal => 1,
                _ => 0,
            });
        }

        return type is INamedTypeSymbol named ? named.TypeArguments.Select(Visibility).Append(least).Min() : least;
    }
}
