using Microsoft.CodeAnalysis;
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

    /// <summary>The network or the problems of an attribute that the pipeline has found; empty where another attribute of the type speaks for it.</summary>
    public static ParsedNetwork ParseAnchored(GeneratorAttributeSyntaxContext declaration, AttributeKind kind, CancellationToken token)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)declaration.TargetSymbol;
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];

        // The compiler reports a second [Input] on another declaration; the files are written once.
        NetworkAttribute? speaker = FindAnchor(all) ?? all.FirstOrDefault();
        return speaker?.Kind == kind && speaker.Declaration == declaration.TargetNode ? Parse(type, all, token) : ParsedNetwork.None;
    }

    /// <summary>Reads a type, which may or may not be a network.</summary>
    public static ParsedNetwork Parse(INamedTypeSymbol type, CancellationToken token) => Parse(type, [.. NetworkAttribute.On(type, token)], token);

    /// <summary>The members that are written for a type; none where it is no network of this project.</summary>
    public static IEnumerable<GeneratedMember> GeneratedMembersOf(INamedTypeSymbol type, CancellationToken token)
    {
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];
        return FindAnchor(all) is { } anchor ? MemberNames.Of(ReadModel(type, anchor, InOrder(all, anchor), new ProblemList(), token)) : [];
    }

    /// <summary>What a sound declaration says, also where the members that it gets are there already; null where it is none, or has mistakes.</summary>
    public static NetworkModel? ReadSound(INamedTypeSymbol type, CancellationToken token)
    {
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];
        ProblemList problems = new();
        NetworkModel? model = FindAnchor(all) is { } anchor ? ReadModel(type, anchor, InOrder(all, anchor), problems, token) : null;
        return problems.IsEmpty ? model : null;
    }

    private static ParsedNetwork Parse(INamedTypeSymbol type, NetworkAttribute[] all, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (all.Length == 0)
        {
            return ParsedNetwork.None;
        }

        ProblemList problems = new();
        if (FindAnchor(all) is not { } anchor)
        {
            problems.Add(Descriptors.MissingInput, all[0].Place, type.Name, $"{all[0].Kind}");
            return new ParsedNetwork(null, problems.InOrder(all[0].Place.SourceTree));
        }

        bool canGrow = ClassForm.Check(type, anchor.Declaration, problems);
        if (all.FirstOrDefault(attribute => attribute.IsInput && attribute.Kind != anchor.Kind) is { } second)
        {
            problems.Add(Descriptors.TwoInputs, second.Place, type.Name);
        }

        foreach (NetworkAttribute stray in all.Where(attribute =>
            attribute.Declaration != anchor.Declaration && !attribute.IsInput))
        {
            problems.Add(Descriptors.OtherDeclaration, stray.Place, $"{stray.Kind}", type.Name);
        }

        NetworkAttribute[] inOrder = InOrder(all, anchor);
        NetworkModel model = ReadModel(type, anchor, inOrder, problems, token);
        if (canGrow)
        {
            IEnumerable<string> leftOut = OwnMembers.Check(type, model, anchor.Declaration.Identifier.GetLocation(), problems, token);
            model = model with { LeftOut = new([.. leftOut]) };
        }

        TakenNames.Check(type, anchor.Declaration, problems, token);
        GeneratedValues values = new(type, token);
        values.Check(all, problems);
        EquatableArray<Problem> inSourceOrder = problems.InOrder(anchor.Place.SourceTree);
        string? fault = (inSourceOrder.FirstOrDefault() ?? values.FindUnreadable(inOrder))?.Text;
        return new ParsedNetwork(canGrow ? model with { Fault = fault } : null, inSourceOrder)
        {
            PlaceOfWeights = fault is null ? FindWeights(inOrder)?.PlaceOfArgument("name", 0) : null,
        };
    }

    private static NetworkAttribute? FindWeights(NetworkAttribute[] inOrder) =>
        inOrder.FirstOrDefault(static attribute => attribute.Kind == AttributeKind.Weights);

    /// <summary>The [Input] that makes the type a network; the first, should there be several.</summary>
    private static NetworkAttribute? FindAnchor(NetworkAttribute[] all) =>
        all.FirstOrDefault(static attribute => attribute.IsInput);

    private static NetworkAttribute[] InOrder(NetworkAttribute[] all, NetworkAttribute anchor) =>
        [.. all.Where(attribute => attribute.Declaration == anchor.Declaration).OrderBy(static attribute => attribute.Position)];

    private static NetworkModel ReadModel(
        INamedTypeSymbol type, NetworkAttribute anchor, NetworkAttribute[] inOrder, ProblemList problems, CancellationToken token)
    {
        (LossFunction? loss, LossOptions lossOptions) = LossReader.Read(inOrder, problems);
        RecordModel? record = anchor.Kind == AttributeKind.RecordInput ? RecordReader.Read(type, anchor, inOrder, loss, problems, token) : null;
        int? inputSize = anchor.Kind == AttributeKind.RecordInput ? record?.Width : LayerReader.ReadInputSize(anchor, problems);
        NetworkAttribute[] dense = [.. inOrder.Where(static attribute => attribute.Kind == AttributeKind.Dense)];
        if (dense.Length == 0)
        {
            problems.Add(Descriptors.NoDense, anchor.Place, type.Name);
        }

        EquatableArray<NoiseModel>[] noise = NoiseReader.Read(inOrder, problems);
        int? members = ReadMembers(inOrder, problems);
        bool inputGradients = anchor.Property<bool>("Gradients") ?? false;
        if (inputGradients && loss is null)
        {
            problems.Add(Descriptors.GradientsWithoutLoss, anchor.PlaceOfProperty("Gradients"));
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
            Standardize = anchor.Property<bool>("Standardize") ?? false,
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
