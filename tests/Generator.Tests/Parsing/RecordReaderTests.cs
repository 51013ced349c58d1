using System.Reflection;
using System.Runtime.Loader;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Parsing;

/// <summary>Records of every form, and what is read of them.</summary>
public class RecordReaderTests
{
    private const string Net = "[Input<Row>, Dense(4, Relu), Dense(1), Loss(MSE)] public partial class Net;";

    public static TheoryData<string> Forms =>
    [
        "public sealed record Row([Numeric] float A, [Category] Kind B, [Target] double T); public enum Kind { X, Y } " + Net,
        "public record Row { [Numeric] public float A { get; init; } [Category] public Kind B { get; set; } [Target] public double T { get; set; } } public enum Kind { X, Y } " + Net,
        "public class Row { [Numeric] public required float A { get; set; } [Category] public Kind B { get; init; } [Target] public required double T { get; init; } } public enum Kind { X, Y } " + Net,
        "public struct Row { [Numeric] public float A { get; set; } [Category] public Kind B { get; set; } [Target] public double T { get; set; } } public enum Kind { X, Y } " + Net,
        "public readonly record struct Row([property: Numeric] float A, [Category] Kind B, [Target] double T); public enum Kind { X, Y } " + Net,
        "public class Row(float a, Kind b, double t) { [Numeric] public float A => a; [Category] public Kind B { get; } = b; [Target] public double T => t; } public enum Kind { X, Y } " + Net,
        "public class Base { [Numeric] public float A { get; set; } } public class Row : Base { [Category] public Kind B { get; set; } [Target] public double T { get; set; } } public enum Kind { X, Y } " + Net,
        "public interface Row { [Numeric] float A { get; } [Category] Kind B { get; } [Target] double T { get; } } public enum Kind { X, Y } " + Net,
        """
        namespace App
        {
            public static partial class Outer
            {
                public record Row([Numeric] float A, [Category] Kind B, [Target] double T);
                public enum Kind { X, Y }
                [Input<Row>, Dense(4, Relu), Dense(1), Loss(MSE)] public partial class Net;
            }
        }
        """,
        "public record Generic<T>([Numeric] T A, [Category] Kind B, [Target] double T_); public enum Kind { X, Y } [Input<Generic<float>>, Dense(4, Relu), Dense(1), Loss(MSE)] public partial class Net;",
        "internal record Row([Numeric] float A, [Category] Kind B, [Target] double T); internal enum Kind { X, Y } " + Net,
        "record Row([Numeric] float A, [Category] Kind B, [Target] double T); enum Kind { X, Y } class InputAttribute<T> : System.Attribute; [Mlp.Input<Row>, Dense(4, Relu), Dense(1), Loss(MSE)] public partial class Net;",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void RecordsOfEveryForm_AreRead_AndCompile(string source)
    {
        GeneratorRun run = GeneratorHarness.Run(source).AssertClean();

        NetworkModel model = Parse(GeneratorHarness.CreateCompilation([source]));
        Assert.Equal(3, model.InputSize);
        Assert.Equal(["A", "B"], model.Record!.Columns.Items.Where(static column => column.Role == ModelColumnRole.Input).Select(static column => column.Name));
        Assert.Equal([0, 1], model.Record.Columns.Items.Where(static column => column.Width > 0).Select(static column => column.Slot));
        Assert.Contains(run.Files.Keys, static name => name.EndsWith("Net.Encoder.g.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void ARecordOfAnotherAssembly_IsRead()
    {
        CSharpCompilation library = GeneratorHarness.CreateCompilation(["public record Row([Numeric(Bins = 3)] float? A, [Category] Kind B, [Target] double T); public enum Kind { X, Y }"])
            .WithAssemblyName("Library");
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Net]).AddReferences(library.ToMetadataReference());

        GeneratorHarness.Run(compilation).AssertClean();
        Assert.Equal(5, Parse(compilation).InputSize);
    }

    [Fact]
    public void ARecordOfAnotherAssembly_IsTrainedOnAndPredicted_AndReadFromAFile()
    {
        CSharpCompilation library = GeneratorHarness.CreateCompilation(["""
            #nullable enable
            public enum Kind : byte { Y = 200, X = 3 }
            public abstract class Base { [Numeric(Indicator = true)] public required float? A { get; init; } }
            public sealed class Row : Base
            {
                [Category] public Kind B { get; init; }
                [Category(Capacity = 3, Embedding = 2)] public string? C { get; init; }
                [Target] public required double T { get; init; }
            }
            """]).WithAssemblyName("Library");
        using MemoryStream image = new();
        Assert.True(library.Emit(image).Success);
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation(["""
            [Input<Row>, Dense(4, Tanh), Dense(1), Loss(MSE)]
            public partial class Net
            {
                public static string Try(string path)
                {
                    System.IO.File.WriteAllText(path, "C,T,B,A\nb,1,X,0.5\n,2.5,Y,\nb,-3,Y,7\n");
                    Net net = new(seed: 1);
                    net.Train(ReadRows(path), new TrainingOptions { Epochs = 2 });
                    Row row = new() { A = 2, B = Kind.X, C = "unseen", T = 0 };
                    float[] inputs = new float[InputSize];
                    net.Encode(row, inputs);
                    return $"{string.Join(' ', net.InputNames!)}; {net.Predict(row) == net.Predict(inputs)}; {inputs[4]}";
                }
            }
            """]).AddReferences(MetadataReference.CreateFromImage(image.ToArray()));

        Assembly assembly = GeneratorHarness.Run(compilation).Load();
        AssemblyLoadContext.GetLoadContext(assembly)!.Resolving += (context, name) =>
        {
            Assert.Equal("Library", name.Name);
            image.Position = 0;
            return context.LoadFromStream(image);
        };
        string path = Path.GetTempFileName();
        object? result = assembly.GetType("Net")!.GetMethod("Try")!.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [path], culture: null);
        File.Delete(path);
        Assert.Equal("A A missing B=Y B=X C; True; 0", result);
    }

    [Fact]
    public void AMistakeInAnotherAssembly_IsReportedWhereTheNetworkNamesTheRecord()
    {
        CSharpCompilation library = GeneratorHarness.CreateCompilation(["public record Row([Numeric] string A, [Numeric(Bins = 1)] float B, [Target] double T);"])
            .WithAssemblyName("Library");
        using MemoryStream image = new();
        Assert.True(library.Emit(image).Success);

        // A reference to a project of the same solution has its source, in files that are not of this compilation.
        foreach (MetadataReference reference in (MetadataReference[])[MetadataReference.CreateFromImage(image.ToArray()), library.ToMetadataReference()])
        {
            CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Net]).AddReferences(reference);

            Diagnostic[] reported = [.. GeneratorHarness.Run(compilation).Reported];
            Assert.Equal(["MLP0036", "MLP0059"], reported.Select(static diagnostic => diagnostic.Id));
            Assert.All(reported, diagnostic =>
            {
                Assert.Contains(diagnostic.Location.SourceTree, compilation.SyntaxTrees);
                Assert.Equal("Row", diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
            });
        }
    }

    [Theory]
    [InlineData("public class Base { [Numeric] public virtual float A { get; init; } } public class Row : Base { public override float A { get; init; } ")]
    [InlineData("public abstract class Base { [Numeric] public abstract float A { get; init; } } public class Row : Base { public override float A { get; init; } ")]
    [InlineData("public class Base { [Category] public virtual string A { get; init; } = \"\"; } public class Row : Base { [Numeric] public new float A { get; init; } ")]
    [InlineData("public interface Base { [Numeric] float A { get; } } public interface Row : Base { ")]
    [InlineData("public record Base(float A); public record Row([Numeric] float A) : Base(A) { ")]
    [InlineData("public record Base([Numeric(Bins = 2)] float A); public record Middle([Numeric] float A) : Base(A); public record Row(float A) : Middle(A) { ")]
    [InlineData("public class Row([Numeric] float a) { public float A => a; ")]
    public void WhatIsSaidOfAProperty_HoldsWhereItIsInheritedOrHandedOn(string record)
    {
        string source = record + "[Target] public float T { get; init; } } " + Net;
        GeneratorHarness.Run(source).AssertClean();
        NetworkModel model = Parse(GeneratorHarness.CreateCompilation([source]));
        Assert.Equal([("A", 1)], model.Record!.Columns.Items.Where(static column => column.Role == ModelColumnRole.Input).Select(static column => (column.Name, column.Width)));
    }

    [Fact]
    public void APropertyThatHidesAnother_IsNoneOfItsColumns()
    {
        string source = "public class Base { [Numeric] public float A { get; init; } } public class Row : Base { public new float A { get; init; } "
            + "[Numeric] public float B { get; init; } [Target] public float T { get; init; } } " + Net;
        Assert.Equal(["B", "T"], Parse(GeneratorHarness.CreateCompilation([source])).Record!.Columns.Items.Select(static column => column.Name));
    }

    [Theory]
    [InlineData("public readonly struct Row { public Row(float a, float t) { A = a; T = t; } [Numeric] public float A { get; } [Target] public float T { get; } } ")]
    [InlineData("public class Row { public Row() { } public Row(float a, float t) { A = a; T = t; } [Numeric] public float A { get; } [Target] public float T { get; } } ")]
    [InlineData("public class Row { public Row(float a) => A = a; public Row(float a, float t) { A = a; T = t; } [Numeric] public float A { get; } [Target] public float T { get; } } ")]
    public void ARecordIsMade_ByTheConstructorThatSetsMostOfIt(string record)
    {
        GeneratorHarness.Run(record + Net).AssertClean();
        PropertyModel[] properties = [.. Parse(GeneratorHarness.CreateCompilation([record + Net])).Record!.Properties.Items];
        Assert.Equal([("A", "a"), ("T", "t")], properties.Select(static property => (property.Name, property.Parameter)));
    }

    [Fact]
    public void WhatIsObsolete_IsReadWithoutAWarning() => GeneratorHarness.Run("""
        public enum Kind { X, [System.Obsolete("no longer made")] Y, [System.Obsolete] Z }
        public class Row
        {
            [Category] public Kind A { get; set; }
            [Numeric, System.Obsolete] public float B { get; set; }
            [Target] public float T { get; set; }
        }
        [Input<Row>, Dense(4, Relu), Dense(1), Loss(MSE)] public partial class Net;
        """).AssertClean();

    [Fact]
    public void AnEnumOfManyMembers_IsWrittenInLinesThatCanBeRead()
    {
        string members = string.Join(", ", Enumerable.Range(0, 300).Select(static number => $"Member{number}"));
        GeneratorRun run = GeneratorHarness.Run(
            $$"""
            public enum Kind { {{members}} }
            public record Row([Category] Kind A, [Category(Embedding = 2)] Kind? B, [Target] Kind T);
            [Input<Row>, Dense(300, Softmax), Loss(CrossEntropy)] public partial class Net;
            """).AssertClean();
        string encoder = run.Files["Net.Encoder.g.cs"];
        Assert.All(encoder.Split('\n'), static line => Assert.InRange(line.Length, 0, 180));
        Assert.Contains("Member299 => 299", encoder, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryNumberType_IsANumber_NullableOrNot()
    {
        string[] types =
        [
            "bool", "sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "nint", "nuint", "System.Half", "float", "double", "decimal", "System.Int128",
            "System.UInt128",
        ];
        string properties = string.Concat(types.Select(static (type, index) =>
            $"[Numeric] public {type} P{index} {{ get; set; }} [Numeric] public {type}? N{index} {{ get; set; }} "));

        GeneratorHarness.Run($"public class Row {{ {properties}[Target] public float T {{ get; set; }} }} {Net}").AssertClean();
        GeneratorHarness.Run($"public class Row {{ {properties}[Target] public float T {{ get; set; }} }} {Net}", checkOverflow: true).AssertClean();
    }

    [Fact]
    public void EveryKindOfColumn_Compiles_NullableOrNot() => GeneratorHarness.Run($$"""
        #nullable enable
        using System;
        public enum Kind : ulong { A = ulong.MaxValue, B = 1, @class = 2, Same = 1 }
        public class Row
        {
            [Category] public Kind K1 { get; set; }
            [Category] public Kind? K2 { get; set; }
            [Category(Embedding = 3)] public Kind? K3 { get; set; }
            [Category] public string Text1 { get; set; } = "";
            [Category(Capacity = 5, MinimumCount = 2)] public string? Text2 { get; set; }
            [Category] public int Integer { get; set; }
            [Category] public ulong? Integer2 { get; set; }
            [Category] public bool Flag { get; set; }
            [Category] public bool? Flag2 { get; set; }
            [Time(Cycles.DayOfWeek)] public DateOnly Date { get; set; }
            [Time(Cycles.Hour | Cycles.DayOfYear)] public DateTime? Date2 { get; set; }
            [Time(Cycles.Hour)] public DateTimeOffset Date3 { get; set; }
            [Time(Cycles.Hour)] public TimeOnly? Clock { get; set; }
            [Numeric(Log = true, Missing = Missing.Median, Indicator = true, Clip = 3)] public float @event { get; set; }
            [Numeric(Bins = 5, Missing = Missing.Zero, Indicator = true)] public double? Read { get; set; }
            [Numeric(Scale = Scale.None)] public decimal Write { get; set; }
            [Numeric(Scale = Scale.MinMax)] public int Columns { get; set; }
            [Numeric(Scale = Scale.Robust)] public int? columns { get; set; }
            [Weight] public decimal Layout { get; set; }
            [Group] public long? Equals { get; set; }
            [EventTime] public DateTimeOffset GetType { get; set; }
            [Target] public Kind? Create { get; set; }
        }
        [Input<Row>, Dense(4, Relu), Dense(3, Softmax), Loss(CrossEntropy)] public partial class Net;
        """.Replace("long? Equals", "new long? Equals", StringComparison.Ordinal).Replace("DateTimeOffset GetType", "new DateTimeOffset GetType", StringComparison.Ordinal))
        .AssertClean();

    [Fact]
    public void Widths_AreThoseOfTheKinds()
    {
        NetworkModel model = Parse(GeneratorHarness.CreateCompilation(["""
            public enum Kind { A, B, C }
            public class Base { [Numeric(Bins = 4, Indicator = true)] public float? First { get; set; } [Numeric] public virtual int Second { get; set; } }
            public class Row : Base
            {
                [Category] public Kind Third { get; set; }
                [Category(Capacity = 7)] public string Fourth { get; set; }
                [Category(Capacity = 9, Embedding = 6)] public string Fifth { get; set; }
                [Category(Embedding = 2)] public Kind? Sixth { get; set; }
                [Time(Cycles.Hour | Cycles.DayOfYear)] public System.DateTime Seventh { get; set; }
                [Numeric(Indicator = true, Missing = Missing.Zero)] public override int Second { get; set; }
                [Target] public float T { get; set; }
            }
            [Input<Row>, Dense(1), Loss(MSE)] public partial class Net;
            """]));

        Assert.Equal(
            [("First", 0, 5), ("Second", 5, 2), ("Third", 7, 3), ("Fourth", 10, 7), ("Fifth", 17, 1), ("Sixth", 18, 1), ("Seventh", 19, 4), ("T", 0, 0)],
            model.Record!.Columns.Items.Select(static column => (column.Name, column.Slot, column.Width)));
        Assert.Equal(23, model.InputSize);
        Assert.Equal(23 - 2 + 6 + 2, model.Layers[0].Inputs);
        Assert.Equal([9, 4], model.Record.Columns.Items.Where(static column => column.Embedding > 0).Select(static column => column.TableRows));
    }

    [Fact]
    public void MembersThatTakeAnInternalRecord_AreInternal()
    {
        GeneratorRun run = GeneratorHarness.Run("record Row([Numeric] float A, [Target] double T); " + Net).AssertClean();

        INamedTypeSymbol net = run.Compilation.GetTypeByMetadataName("Net")!;
        Assert.Equal(
            [Accessibility.Internal, Accessibility.Public],
            net.GetMembers("Predict").OfType<IMethodSymbol>().Select(static method => (method.Parameters[0].Type.Name == "Row", method.DeclaredAccessibility))
                .OrderByDescending(static pair => pair.Item1).Select(static pair => pair.DeclaredAccessibility).Distinct());
    }

    private static NetworkModel Parse(CSharpCompilation compilation)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)compilation.GetSymbolsWithName("Net", SymbolFilter.Type).Single();
        NetworkModel? model = NetworkParser.Parse(type, default).Model;
        Assert.NotNull(model);
        Assert.Null(model.Fault);
        return model;
    }
}
