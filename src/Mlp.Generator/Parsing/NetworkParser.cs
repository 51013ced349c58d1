using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Build;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>From attributes and symbols to the model of a network, or to problems.</summary>
internal static class NetworkParser
{
    private const int MinMembers = 2;

    /// <summary>Twice what has been found useful; a step costs as many times what one network's does.</summary>
    private const int MaxMembers = 64;

    /// <summary>What an attribute more can change: told only where every attribute of the class is known.</summary>
    private static readonly HashSet<DiagnosticDescriptor> OfSeveralAttributes =
    [
        Descriptors.MissingInput, Descriptors.NoDense, Descriptors.BceNeedsSigmoid, Descriptors.CrossEntropyNeedsSoftmax, Descriptors.PoissonNeedsRates,
        Descriptors.ScaledTargetsNeedLinear, Descriptors.SoftmaxBeforeOutput, Descriptors.NoiseAfterOutput, Descriptors.SecondNoise,
        Descriptors.ResidualWidths, Descriptors.ResidualOutput, Descriptors.ClassWeightCount, Descriptors.GradientsWithoutLoss, Descriptors.AllFrozen,
        Descriptors.RecordWithoutTarget, Descriptors.TargetCount,
    ];

    /// <summary>The network or the problems of a declaration that the pipeline has found; empty where another declaration of the type speaks for it.</summary>
    public static ParsedNetwork ParseDeclaration(TypeDeclarationSyntax declaration, Compilation compilation, CancellationToken token)
    {
        if (compilation.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, token) is not INamedTypeSymbol type)
        {
            return ParsedNetwork.None;
        }

        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];

        // The compiler reports a second [Input] on another declaration; the files are written once. What it does not know says nothing by itself.
        NetworkAttribute[] known = [.. all.Where(static attribute => !attribute.IsGuessed)];
        NetworkAttribute? speaker = FindInput(known) ?? known.FirstOrDefault();
        return speaker?.Declaration == declaration ? Parse(type, all, token) : ParsedNetwork.None;
    }

    /// <summary>Reads a type, which may or may not be a network.</summary>
    public static ParsedNetwork Parse(INamedTypeSymbol type, CancellationToken token) => Parse(type, [.. NetworkAttribute.On(type, token)], token);

    /// <summary>The members that are written for a type; none where it is no network of this project.</summary>
    public static IEnumerable<GeneratedMember> GeneratedMembersOf(INamedTypeSymbol type, CancellationToken token)
    {
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];
        return all.Length > 0 ? MemberNames.Of(ReadModel(type, all, new ProblemList(), token)) : [];
    }

    /// <summary>What a sound declaration says, also where the members that it gets are there already; null where it is none, or has mistakes.</summary>
    public static NetworkModel? ReadSound(INamedTypeSymbol type, CancellationToken token)
    {
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];
        ProblemList problems = new();
        NetworkModel? model = FindInput(all) is not null && !all.Any(static attribute => attribute.HasErrors) ? ReadModel(type, all, problems, token) : null;
        return problems.IsEmpty && model?.Record is not { IsComplete: false } ? model : null;
    }

    private static ParsedNetwork Parse(INamedTypeSymbol type, NetworkAttribute[] all, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (all.Length == 0)
        {
            return ParsedNetwork.None;
        }

        ProblemList problems = new();
        NetworkAttribute? input = FindInput(all);
        NetworkAttribute anchor = input ?? all[0];
        bool canGrow = ClassForm.Check(type, anchor.Declaration, problems);
        if (input is null)
        {
            problems.Add(Descriptors.MissingInput, anchor.Place, type.Name, $"{anchor.Kind}");
        }
        else
        {
            CheckStrays(type, all, input, problems);
        }

        NetworkModel model = ReadModel(type, all, problems, token);
        if (canGrow)
        {
            IEnumerable<string> leftOut = OwnMembers.Check(type, model, anchor.Declaration.Identifier.GetLocation(), problems, token);
            model = model with { LeftOut = new([.. leftOut]) };
        }

        TakenNames.Check(type, anchor.Declaration, problems, token);
        GeneratedValues values = new(type, token);
        values.Check(all, problems);
        NetworkAttribute[] inOrder = InOrder(all, anchor);
        EquatableArray<Problem> found = problems.InOrder(anchor.Place.SourceTree);
        string? fault = (found.FirstOrDefault() ?? FindUnreadable(values, inOrder, model))?.Text;
        IEnumerable<Problem> told = NetworkAttribute.HasUnknown(type)
            ? found.Where(problem => !OfSeveralAttributes.Contains(problem.Rule) && !all.Any(attribute => attribute.IsGuessed && attribute.Contains(problem.Place)))
            : found;
        return new ParsedNetwork(canGrow ? model with { Fault = fault } : null, new([.. told]))
        {
            PlaceOfWeights = fault is null ? FindWeights(inOrder)?.PlaceOfArgument("name", 0) : null,
        };
    }

    private static Problem? FindUnreadable(GeneratedValues values, NetworkAttribute[] inOrder, NetworkModel model) =>
        values.FindUnreadable(inOrder) ?? (model.Record is { IsComplete: false } record ? GeneratedValues.Unreadable(inOrder[0].Place, record.ShortName) : null);

    private static void CheckStrays(INamedTypeSymbol type, NetworkAttribute[] all, NetworkAttribute input, ProblemList problems)
    {
        if (all.FirstOrDefault(attribute => attribute.IsInput && attribute.Kind != input.Kind) is { } second)
        {
            problems.Add(Descriptors.TwoInputs, second.Place, type.Name);
        }

        foreach (NetworkAttribute stray in all.Where(attribute => attribute.Declaration != input.Declaration && !attribute.IsInput))
        {
            problems.Add(Descriptors.OtherDeclaration, stray.Place, $"{stray.Kind}", type.Name);
        }
    }

    private static NetworkAttribute? FindWeights(NetworkAttribute[] inOrder) =>
        inOrder.FirstOrDefault(static attribute => attribute.Kind == AttributeKind.Weights);

    /// <summary>The [Input] that makes the type a network; the first, should there be several.</summary>
    private static NetworkAttribute? FindInput(NetworkAttribute[] all) =>
        all.FirstOrDefault(static attribute => attribute.IsInput);

    private static NetworkAttribute[] InOrder(NetworkAttribute[] all, NetworkAttribute anchor) =>
        [.. all.Where(attribute => attribute.Declaration == anchor.Declaration).OrderBy(static attribute => attribute.Position)];

    /// <param name="type">The class.</param>
    /// <param name="all">Our attributes on it, at least one. Where none is [Input], its layers are read as far as they say something by themselves.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="token">Asked once a layer.</param>
    private static NetworkModel ReadModel(INamedTypeSymbol type, NetworkAttribute[] all, ProblemList problems, CancellationToken token)
    {
        NetworkAttribute? input = FindInput(all);
        NetworkAttribute[] inOrder = InOrder(all, input ?? all[0]);
        (LossFunction? loss, LossOptions lossOptions) = LossReader.Read(inOrder, problems);
        RecordModel? record = input?.Kind == AttributeKind.RecordInput ? RecordReader.Read(type, input, inOrder, loss, problems, token) : null;
        int? inputSize = input?.Kind == AttributeKind.Input ? LayerReader.ReadInputSize(input, problems) : record?.Width;
        NetworkAttribute[] dense = [.. inOrder.Where(static attribute => attribute.Kind == AttributeKind.Dense)];
        if (dense.Length == 0 && input is not null)
        {
            problems.Add(Descriptors.NoDense, input.Place, type.Name);
        }

        EquatableArray<NoiseModel>[] noise = NoiseReader.Read(inOrder, problems);
        int? members = ReadMembers(inOrder, problems);
        bool inputGradients = input?.Property<bool>("Gradients") ?? false;
        if (inputGradients && loss is null)
        {
            problems.Add(Descriptors.GradientsWithoutLoss, input!.PlaceOfProperty("Gradients"));
        }

        if (loss is not null && dense.Length > 0 && dense.All(static layer => layer.Property<bool>("Frozen") == true))
        {
            problems.Add(Descriptors.AllFrozen, dense[0].PlaceOfProperty("Frozen"), type.Name);
        }

        return new NetworkModel
        {
            Namespace = NamespaceOf(type),
            ContainingTypes = ClassForm.ContainingTypes(type),
            ClassName = CSharpName.Escape(type.Name),
            Keyword = ClassForm.Keyword(type),
            TypeParameters = ClassForm.TypeParameters(type),
            MetadataName = MetadataNameOf(type),
            HasNameTwin = ClassForm.HasNameTwin(type),
            InputSize = inputSize ?? 1,
            Standardize = input?.Property<bool>("Standardize") ?? false,
            InputGradients = inputGradients,
            InputNoise = noise[0],
            Record = record,
            Members = members ?? 1,
            Layers = LayerReader.Read(inOrder, record?.ExpandedWidth ?? inputSize, members ?? 1, noise, type.Name, problems, token),
            Loss = loss,
            LossOptions = lossOptions,
            Weights = FindWeights(inOrder) is { } weights ? WeightsReport.NameOf(weights.TextArgument(0) ?? "") : null,
            Fault = null,
        };
    }

    /// <summary>Number of members of an ensemble; null where none is declared, or, which is reported, their number is out of range.</summary>
    private static int? ReadMembers(NetworkAttribute[] inOrder, ProblemList problems)
    {
        NetworkAttribute? ensemble = inOrder.FirstOrDefault(static attribute => attribute.Kind == AttributeKind.Ensemble);
        if (ensemble?.Argument<int>(0) is not int members)
        {
            return null;
        }

        if (members is >= MinMembers and <= MaxMembers)
        {
            return members;
        }

        problems.Add(
            Descriptors.EnsembleMembers,
            ensemble.PlaceOfArgument("members", 0),
            LayerReader.Format(members), LayerReader.Format(MinMembers), LayerReader.Format(MaxMembers));
        return MinMembers;
    }

    private static string NamespaceOf(INamedTypeSymbol type) => string.Join(".", NamespaceParts(type).Select(CSharpName.Escape));

    private static string MetadataNameOf(INamedTypeSymbol type)
    {
        string name = type.MetadataName;
        for (INamedTypeSymbol? container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            name = $"{container.MetadataName}+{name}";
        }

        return string.Join(".", NamespaceParts(type).Append(name));
    }

    private static IEnumerable<string> NamespaceParts(INamedTypeSymbol type)
    {
        Stack<string> parts = new();
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            parts.Push(space.Name);
        }

        return parts;
    }
}
