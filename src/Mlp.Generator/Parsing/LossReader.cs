using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>What a declaration says about its loss.</summary>
internal static class LossReader
{
    /// <param name="attributes">Those of the anchored declaration, in source order.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <returns>A null loss where none is declared; options that have no use, or are wrong, are at their neutral values.</returns>
    public static (LossFunction? Loss, LossOptions Options) Read(NetworkAttribute[] attributes, ProblemList problems)
    {
        NetworkAttribute? attribute = attributes.FirstOrDefault(static attribute => attribute.Kind == AttributeKind.Loss);
        if (attribute is null)
        {
            return (null, new LossOptions());
        }

        // An undefined loss still gets the training members, so that calls of Train compile.
        LossFunction? loss = LayerReader.Defined<LossFunction>(attribute.Argument<int>(0), attribute.PlaceOfArgument("loss", 0), problems);
        NetworkAttribute[] dense = [.. attributes.Where(static attribute => attribute.Kind == AttributeKind.Dense)];
        NetworkAttribute? output = dense.LastOrDefault();
        if (loss is not null && output is not null)
        {
            CheckOutput(loss.Value, output, dense.Length, problems);
        }

        NumberSettings settings = new(attribute, "the loss", problems);
        return (loss ?? LossFunction.MSE, new LossOptions
        {
            StandardizeTargets = ReadStandardizeTargets(attribute, output, loss, settings, problems),
            Delta = settings.ReadFor("Delta", NumberRange.Positive, loss, LossFunction.Huber) ?? 1,
            LabelSmoothing =
                settings.ReadFor("LabelSmoothing", NumberRange.LessThanOne, loss, LossFunction.CrossEntropy, LossFunction.BCE) ?? 0,
            ClassWeights = settings.HasUse("ClassWeights", loss, LossFunction.CrossEntropy)
                ? ReadClassWeights(attribute, output, settings, problems)
                : default,
            PositiveWeight = settings.ReadFor("PositiveWeight", NumberRange.Positive, loss, LossFunction.BCE) ?? 1,
        });
    }

    /// <summary>Some losses are defined, and computed, together with certain activations.</summary>
    private static void CheckOutput(LossFunction loss, NetworkAttribute output, int number, ProblemList problems)
    {
        (DiagnosticDescriptor Rule, string Outputs, Activation[] Needed)? need = loss switch
        {
            LossFunction.BCE => (Descriptors.BceNeedsSigmoid, "probabilities", [Activation.Sigmoid]),
            LossFunction.CrossEntropy => (Descriptors.CrossEntropyNeedsSoftmax, "probabilities", [Activation.Softmax]),
            LossFunction.Poisson => (Descriptors.PoissonNeedsRates, "rates", [Activation.Exp, Activation.Softplus]),
            _ => null,
        };
        if (need is not var (rule, outputs, needed)
            || output.Argument<int>(1) is not int actual || !Enum.IsDefined(typeof(Activation), actual))
        {
            return;
        }

        Activation activation = (Activation)actual;
        if (!needed.Contains(activation))
        {
            problems.Add(rule, output.PlaceOfArgument("activation", 1), $"{activation}", LayerReader.Format(output.Argument<int>(0) ?? 1));
        }
        else if (activation != Activation.Softmax && output.Property<bool>("Residual") == true)
        {
            // The layer has reported a residual Softmax already.
            problems.Add(
                Descriptors.ResidualOutput, output.PlaceOfProperty("Residual"), LayerReader.Describe(number), $"{activation}", outputs);
        }
    }

    private static bool ReadStandardizeTargets(
        NetworkAttribute attribute, NetworkAttribute? output, LossFunction? loss, NumberSettings settings, ProblemList problems)
    {
        const string Name = "StandardizeTargets";
        if (attribute.Property<bool>(Name) != true
            || !settings.HasUse(Name, loss, LossFunction.MSE, LossFunction.MAE, LossFunction.Huber, LossFunction.LogCosh))
        {
            return false;
        }

        if (output?.Argument<int>(1) is int actual and not (int)Activation.Linear && Enum.IsDefined(typeof(Activation), actual))
        {
            problems.Add(Descriptors.ScaledTargetsNeedLinear, output.PlaceOfArgument("activation", 1), $"{(Activation)actual}");
        }

        return true;
    }

    private static EquatableArray<double> ReadClassWeights(
        NetworkAttribute attribute, NetworkAttribute? output, NumberSettings settings, ProblemList problems)
    {
        const string Name = "ClassWeights";
        if (attribute.Numbers(Name) is not { } declared)
        {
            return default;
        }

        ImmutableArray<ExpressionSyntax> elements = attribute.ElementsOfProperty(Name);
        ImmutableArray<double?> weights =
        [
            .. declared.Select((weight, index) => settings.Check(
                weight,
                NumberRange.NotNegative,
                $"{Name}[{LayerReader.Format(index)}]",
                index < elements.Length ? elements[index].GetLocation() : attribute.PlaceOfProperty(Name))),
        ];
        if (output?.Argument<int>(0) is int units and > 0 && units != weights.Length)
        {
            problems.Add(
                Descriptors.ClassWeightCount,
                attribute.PlaceOfProperty(Name),
                LayerReader.Format(weights.Length), LayerReader.Format(units));
        }
        else if (!weights.IsEmpty && weights.All(static weight => weight == 0))
        {
            problems.Add(Descriptors.ClassWeightsAllZero, attribute.PlaceOfProperty(Name));
        }

        return new([.. weights.Select(static weight => weight ?? 1)]);
    }
}
