using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Mlp.Generator.Parsing;

namespace Mlp.Generator.Advice;

/// <summary>Advice about calls of a network's members, in one compilation.</summary>
internal sealed class CallAdvice
{
    /// <summary>Members that take rows of inputs, and whether they take exactly one.</summary>
    private static readonly Dictionary<string, bool> TakesOneRow = new(StringComparer.Ordinal)
    {
        ["Predict"] = true,
        ["PredictClass"] = true,
        ["PredictLabel"] = true,
        ["PredictSpread"] = true,
        ["TrainStep"] = false,
        ["ComputeGradients"] = false,
    };

    /// <summary>Members that data of labels are given to.</summary>
    private static readonly HashSet<string> TakesData = new(["Train", "TrainAsync", "Evaluate", "Report"], StringComparer.Ordinal);

    private readonly ConcurrentDictionary<ISymbol, bool> _isSound = new(SymbolEqualityComparer.Default);

    /// <summary>Looks at names first: what a call means is asked only of those that a network has.</summary>
    public void Check(SyntaxNodeAnalysisContext context)
    {
        InvocationExpressionSyntax syntax = (InvocationExpressionSyntax)context.Node;
        string? name = syntax.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => null,
        };
        if (name is null
            || !(name == "Clone" || TakesOneRow.ContainsKey(name) || TakesData.Contains(name))
            || context.SemanticModel.GetOperation(syntax, context.CancellationToken) is not IInvocationOperation { Instance.Type: INamedTypeSymbol network } call
            || !NetworkAttribute.IsNetwork(network)
            || !IsSound(network, context.CancellationToken))
        {
            return;
        }

        if (name == "Clone")
        {
            CheckClone(call, context);
        }

        if (TakesOneRow.TryGetValue(name, out bool oneRow))
        {
            CheckLengths(call, network, oneRow, context);
        }

        if (TakesData.Contains(name))
        {
            CheckClasses(call, network, context);
        }
        else if (name == "TrainStep" && LoopAround(call) is { } loop)
        {
            CheckOptimizer(call, loop, context);
            CheckStatistics(call, network, context);
        }
    }

    /// <summary>Whether a network has its sizes from its declaration: not where they could not be read. Networks of other projects were built.</summary>
    private bool IsSound(INamedTypeSymbol network, CancellationToken token) => _isSound.GetOrAdd(
        network, _ => !NetworkAttribute.On(network, token).Any() || NetworkParser.ReadSound(network, token) is not null);

    private static void CheckClone(IInvocationOperation call, SyntaxNodeAnalysisContext context)
    {
        if (call is { Parent: IExpressionStatementOperation, Arguments.Length: 0, Instance: { } copied })
        {
            context.ReportDiagnostic(Diagnostic.Create(AdviceRules.DeadClone, call.Syntax.GetLocation(), copied.Syntax.ToString()));
        }
    }

    /// <summary>Arrays and collection expressions whose length is written out, for parameters that are rows.</summary>
    private static void CheckLengths(IInvocationOperation call, INamedTypeSymbol network, bool oneRow, SyntaxNodeAnalysisContext context)
    {
        // With outputs, Predict takes any number of rows.
        bool exactly = oneRow && !call.Arguments.Any(static argument => argument.Parameter?.Name == "outputs");
        foreach (IArgumentOperation argument in call.Arguments)
        {
            string? constant = argument.Parameter?.Name switch
            {
                "input" or "inputs" => "InputSize",
                "targets" or "outputs" => "OutputSize",
                _ => null,
            };
            if (constant is null
                || argument.Parameter!.Type is not INamedTypeSymbol { Name: "ReadOnlySpan" or "Span" }
                || SizeOf(network, constant) is not int size
                || LengthOf(argument.Value) is not int length
                || (exactly ? length == size : length % size == 0 && length > 0))
            {
                continue;
            }

            string taken = exactly ? $"{Text(size)} numbers" : $"a whole number of rows of {Text(size)}";
            context.ReportDiagnostic(Diagnostic.Create(
                AdviceRules.WrongLength, argument.Value.Syntax.GetLocation(), call.TargetMethod.Name, network.Name, taken, $"'{argument.Parameter.Name}'", Text(length)));
        }
    }

    private static void CheckClasses(IInvocationOperation call, INamedTypeSymbol network, SyntaxNodeAnalysisContext context)
    {
        if (SizeOf(network, "OutputSize") is not int outputs || outputs < 2 || !NetworkAttribute.Has(network, AttributeKind.Loss))
        {
            return;
        }

        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (SourceOf(argument.Value) is IInvocationOperation { TargetMethod: { Name: "FromLabels", ContainingType.Name: "Dataset" } } data
                && data.Arguments.FirstOrDefault(static part => part.Parameter?.Name == "classCount")?.Value.ConstantValue is { HasValue: true, Value: int classes }
                && classes != outputs)
            {
                context.ReportDiagnostic(Diagnostic.Create(AdviceRules.WrongClassCount, argument.Value.Syntax.GetLocation(), Text(classes), network.Name, Text(outputs)));
            }
        }
    }

    /// <summary>An optimizer with constant settings that is made within the loop.</summary>
    private static void CheckOptimizer(IInvocationOperation call, ILoopOperation loop, SyntaxNodeAnalysisContext context)
    {
        IOperation? optimizer = call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Name == "optimizer")?.Value;
        if (optimizer is not null
            && SourceOf(optimizer) is IObjectCreationOperation { Type: { } type } made
            && loop.Syntax.Span.Contains(made.Syntax.Span)
            && made.Arguments.All(static argument => argument.Value.ConstantValue.HasValue))
        {
            context.ReportDiagnostic(Diagnostic.Create(AdviceRules.OptimizerInLoop, made.Syntax.GetLocation(), type.Name));
        }
    }

    /// <summary>A network that was made in this method, and is trained by steps in a loop, but has nowhere learned what it standardises by.</summary>
    private static void CheckStatistics(IInvocationOperation call, INamedTypeSymbol network, SyntaxNodeAnalysisContext context)
    {
        if (call.Instance is not ILocalReferenceOperation { Local: { } local }
            || SourceOf(call.Instance) is not IObjectCreationOperation
            || !Standardizes(network, context.CancellationToken))
        {
            return;
        }

        // Anything else that is done with it may teach it the statistics.
        bool isTaught = Root(call).Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local))
            .Any(static reference => reference.Parent switch
            {
                IInvocationOperation use when use.Instance == reference => use.TargetMethod.Name is "LearnInputStatistics" or "Train" or "TrainAsync" or "CopyFrom",
                IPropertyReferenceOperation { Property.Name: not "InputStatistics" } => false,
                _ => true,
            });
        if (!isTaught)
        {
            context.ReportDiagnostic(Diagnostic.Create(AdviceRules.UnlearnedStatistics, call.Syntax.GetLocation(), local.Name));
        }
    }

    private static bool Standardizes(INamedTypeSymbol network, CancellationToken token) =>
        NetworkAttribute.On(network, token).FirstOrDefault(static attribute => attribute.IsInput)?.Property<bool>("Standardize") == true;

    private static int? SizeOf(INamedTypeSymbol network, string constant) =>
        network.GetMembers(constant).OfType<IFieldSymbol>().FirstOrDefault() is { HasConstantValue: true, ConstantValue: int size } ? size : null;

    private static ILoopOperation? LoopAround(IOperation operation)
    {
        IOperation? around = operation.Parent;
        while (around is not (null or ILoopOperation or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            around = around.Parent;
        }

        return around as ILoopOperation;
    }

    /// <summary>How many numbers a value has, where that is written out.</summary>
    private static int? LengthOf(IOperation value) => Unconverted(value) switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.Length,
        IArrayCreationOperation { DimensionSizes: { Length: 1 } sizes } => sizes[0].ConstantValue is { HasValue: true, Value: int length } ? length : null,
        ICollectionExpressionOperation collection => collection.Elements.Any(static element => element is ISpreadOperation) ? null : collection.Elements.Length,
        { SemanticModel: { } model, Syntax: var other } => LengthOnStack(other, model),
        _ => null,
    };

    /// <summary>The same of a stackalloc, which is no operation of its own.</summary>
    private static int? LengthOnStack(SyntaxNode value, SemanticModel model) => value switch
    {
        StackAllocArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        StackAllocArrayCreationExpressionSyntax { Type: ArrayTypeSyntax { RankSpecifiers: { Count: 1 } ranks } } =>
            model.GetConstantValue(ranks[0].Sizes[0]) is { HasValue: true, Value: int length } ? length : null,
        ImplicitStackAllocArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        _ => null,
    };

    /// <summary>What a value is; of a local that is set once, what it is set to.</summary>
    private static IOperation? SourceOf(IOperation value)
    {
        IOperation source = Unconverted(value);
        return source is ILocalReferenceOperation { Local: { } local, SemanticModel: { } model }
            && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration
            && declaration.SyntaxTree == model.SyntaxTree
            && model.GetOperation(declaration) is IVariableDeclaratorOperation { Initializer.Value: { } initial }
            && !IsSetAgain(local, Root(value))
                ? Unconverted(initial)
                : source;
    }

    /// <summary>Whether a local gets another value than that of its declaration, or may get one where it is passed by reference.</summary>
    private static bool IsSetAgain(ILocalSymbol local, IOperation body) => body.Descendants().OfType<ILocalReferenceOperation>()
        .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local))
        .Any(static reference => reference.Parent switch
        {
            IAssignmentOperation assignment => assignment.Target == reference,
            IArgumentOperation { Parameter: { } parameter } => parameter.RefKind is RefKind.Ref or RefKind.Out,
            ITupleOperation => true,
            _ => false,
        });

    private static IOperation Root(IOperation operation)
    {
        IOperation root = operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root;
    }

    private static IOperation Unconverted(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true } conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
