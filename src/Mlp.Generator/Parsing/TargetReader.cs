using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Whether the targets of a record fit the loss and the output layer.</summary>
internal static class TargetReader
{
    public static void Check(
        List<(ColumnModel Column, Location Place)> targets, LossFunction loss, NetworkAttribute? output, string record, Location recordPlace, ProblemList problems)
    {
        if (targets.Count == 0)
        {
            problems.Add(Descriptors.RecordWithoutTarget, recordPlace, record);
            return;
        }

        (ColumnModel Column, Location Place)[] unfit = [.. targets.Where(target => !Fits(target.Column, loss, targets.Count))];
        foreach ((ColumnModel column, Location place) in unfit)
        {
            problems.Add(Descriptors.TargetDoesNotFitLoss, place, column.Name, TypeText(column), $"{loss}", Wanted(loss, targets.Count));
        }

        if (unfit.Length > 0 || output?.Argument<int>(0) is not int units)
        {
            return;
        }

        ColumnModel first = targets[0].Column;
        int needed = first.Kind == ColumnKind.Member ? first.Members.Count : first.Kind == ColumnKind.Text ? units : targets.Count;
        if (units != needed)
        {
            string reason = first.Kind == ColumnKind.Member
                ? $"'{first.Name}' has {LayerReader.Format(needed)} members"
                : $"there {(needed == 1 ? "is 1 target" : $"are {LayerReader.Format(needed)} targets")}";
            problems.Add(Descriptors.TargetCount, output.PlaceOfArgument("units", 0), LayerReader.Format(units), reason, LayerReader.Format(needed));
        }
    }

    private static bool Fits(ColumnModel target, LossFunction loss, int count) => loss switch
    {
        LossFunction.CrossEntropy => count == 1 && target.Kind is ColumnKind.Member or ColumnKind.Text,
        LossFunction.BCE or LossFunction.Hinge => target.Kind == ColumnKind.Number,
        _ => target.Kind == ColumnKind.Number && target.TypeName != "bool",
    };

    private static string TypeText(ColumnModel target) => target.Kind == ColumnKind.Text ? "text" : target.Kind == ColumnKind.Member ? "an enum" : target.TypeName;

    private static string Wanted(LossFunction loss, int count) => loss switch
    {
        LossFunction.CrossEntropy => count == 1 ? "an enum or text" : "one property, an enum or text",
        LossFunction.BCE or LossFunction.Hinge => "bool",
        _ => "a number",
    };
}
