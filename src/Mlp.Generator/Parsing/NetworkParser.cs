using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>From attributes and symbols to the model of a network, or to problems. Generator and analyzer call it alike.</summary>
internal static class NetworkParser
{
    /// <summary>The model of the class whose attribute the pipeline has found; null where nothing can be generated.</summary>
    public static NetworkModel? ParseAnchored(GeneratorAttributeSyntaxContext declaration, CancellationToken token)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)declaration.TargetSymbol;

        // A second [Input] on another declaration is the compiler's to report, and must not write the same files again.
        return FindAnchor(type, token)?.Declaration == declaration.TargetNode ? Parse(type, token).Model : null;
    }

    /// <summary>Reads a type, which may well be no network at all.</summary>
    public static ParsedNetwork Parse(INamedTypeSymbol type, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, token)];
        if (all.Length == 0)
        {
            return ParsedNetwork.None;
        }

        ProblemList problems = new();
        if (FindAnchor(type, token) is not { } anchor)
        {
            problems.Add(Descriptors.MissingInput, all[0].Place, type.Name, $"{all[0].Kind}");
            return new ParsedNetwork(null, problems.InOrder(all[0].Place.SourceTree));
        }

        bool canGrow = ClassForm.Check(type, anchor.Declaration, problems);
        foreach (NetworkAttribute stray in all.Where(attribute =>
            attribute.Declaration != anchor.Declaration && attribute.Kind != AttributeKind.Input))
        {
            problems.Add(Descriptors.OtherDeclaration, stray.Place, $"{stray.Kind}", type.Name);
        }

        NetworkAttribute[] inOrder =
            [.. all.Where(attribute => attribute.Declaration == anchor.Declaration).OrderBy(static attribute => attribute.Position)];
        NetworkModel model = ReadModel(type, anchor, inOrder, problems, token);
        if (canGrow)
        {
            IEnumerable<string> leftOut = OwnMembers.Check(type, model, anchor.Declaration.Identifier.GetLocation(), problems, token);
            model = model with { LeftOut = new([.. leftOut]) };
        }

        GeneratedValues.Check(type, all, problems, token);
        EquatableArray<Problem> inSourceOrder = problems.InOrder(anchor.Place.SourceTree);
        return new ParsedNetwork(
            canGrow ? model with { Fault = (inSourceOrder.FirstOrDefault() ?? GeneratedValues.FindUnreadable(type, inOrder, token))?.Text } : null,
            inSourceOrder);
    }

    /// <summary>The [Input] that makes the type a network; the first, should there be several.</summary>
    private static NetworkAttribute? FindAnchor(INamedTypeSymbol type, CancellationToken token) =>
        NetworkAttribute.On(type, token).FirstOrDefault(static attribute => attribute.Kind == AttributeKind.Input);

    private static NetworkModel ReadModel(
        INamedTypeSymbol type, NetworkAttribute anchor, NetworkAttribute[] inOrder, ProblemList problems, CancellationToken token)
    {
        int inputSize = LayerReader.ReadInputSize(anchor, problems);
        if (!inOrder.Any(static attribute => attribute.Kind == AttributeKind.Dense))
        {
            problems.Add(Descriptors.NoDense, anchor.Place, type.Name);
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
            InputSize = inputSize,
            Standardize = anchor.Property<bool>("Standardize") ?? false,
            Layers = LayerReader.Read(inOrder, inputSize, type.Name, problems, token),
            Loss = ReadLoss(inOrder, problems),
            Fault = null,
        };
    }

    private static LossFunction? ReadLoss(NetworkAttribute[] inOrder, ProblemList problems)
    {
        NetworkAttribute? attribute = inOrder.FirstOrDefault(static attribute => attribute.Kind == AttributeKind.Loss);
        if (attribute is null)
        {
            return null;
        }

        // An undefined loss still has the training half of the members, so that calls of Train are not errors as well.
        LossFunction? loss = LayerReader.Defined<LossFunction>(attribute.Argument<int>(0), attribute.PlaceOfArgument("loss", 0), problems);
        NetworkAttribute? output = inOrder.LastOrDefault(static attribute => attribute.Kind == AttributeKind.Dense);
        if (loss is not null && output is not null)
        {
            CheckOutput(loss.Value, attribute, output, problems);
        }

        return loss ?? LossFunction.MSE;
    }

    /// <summary>Some losses are defined, and computed, together with one activation.</summary>
    private static void CheckOutput(LossFunction loss, NetworkAttribute attribute, NetworkAttribute output, ProblemList problems)
    {
        (DiagnosticDescriptor Rule, Activation Needed)? need = loss switch
        {
            LossFunction.BCE => (Descriptors.BceNeedsSigmoid, Activation.Sigmoid),
            LossFunction.CrossEntropy => (Descriptors.CrossEntropyNeedsSoftmax, Activation.Softmax),
            _ => null,
        };
        if (need is var (rule, needed)
            && output.Argument<int>(1) is int actual && actual != (int)needed && Enum.IsDefined(typeof(Activation), actual))
        {
            problems.Add(rule, attribute.Place, $"{(Activation)actual}", LayerReader.Format(output.Argument<int>(0) ?? 1));
        }
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
