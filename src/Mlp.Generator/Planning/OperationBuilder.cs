using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>From a network to the operations of its passes; a fusion merges two of them.</summary>
internal static class OperationBuilder
{
    /// <summary>From inputs to outputs.</summary>
    public static IEnumerable<Operation> Forward(NetworkPlan plan)
    {
        bool isStraightLine = plan.Form == Form.StraightLine;
        if (plan.StagesInputs)
        {
            string raw = plan.Model.Standardize ? "(raw − mean) / deviation" : "raw";
            string formula = plan.Model.IsEnsemble ? $"x = {raw} ⊙ s, in padded rows of every member" : plan.Model.Standardize ? $"x = {raw}, in padded rows" : "x in padded rows";
            yield return new(OperationKind.Stage, plan.First, default, Values(plan.Input), formula);
        }

        if (plan.InputNoise is not null)
        {
            yield return AddNoise(plan.First, plan.InputNoise);
        }

        foreach (LayerPlan layer in plan.Layers)
        {
            bool isActivatedHere = !layer.IsLast || isStraightLine;
            bool isFused = isActivatedHere && !layer.HasActivationPass;
            yield return new(
                OperationKind.Product,
                layer,
                Values(layer.Input, layer.Seen),
                Values(isFused ? Activations(layer) : [layer.Sums]),
                Formulas.Forward(layer, isFused),
                Formulas.Shapes(layer))
            { IsFused = isFused };
            if (layer.IsNormalized)
            {
                yield return new(
                    OperationKind.Normalize, layer, Values(layer.Normalized),
                    Values([layer.Normalized, .. layer.IsBatchNormalized ? [] : (Value[])[layer.Reciprocals]]), Formulas.Normalization(layer));
            }

            if ((isActivatedHere && layer.HasActivationPass) || (layer.IsLast && layer.IsNormalized))
            {
                yield return new(
                    OperationKind.Activate,
                    layer,
                    Values([layer.Sums, .. isActivatedHere && layer.IsResidual ? [layer.Input] : (Value[])[]]),
                    Values(isActivatedHere
                        ?
                        [
                            .. Activations(layer).Where(value => layer.IsNormalized || value != layer.Sums || value == layer.Output),
                            .. layer.Model.Activation == Activation.Softmax ? [BufferAllocator.Normalizer(plan), .. Terms(plan)] : (Value[])[],
                        ]
                        : [layer.PreActivation]),
                    Formulas.ActivationPass(layer, isActivatedHere));
            }

            if (layer.Noise is not null)
            {
                yield return AddNoise(layer, layer.Noise);
            }
        }

        if (!isStraightLine)
        {
            LayerPlan last = plan.Last;
            yield return new(
                OperationKind.Output,
                last,
                Values([last.PreActivation, .. last.IsResidual ? [last.Input] : (Value[])[]]),
                Values([.. last.KeepsActivation ? [last.Activated] : (Value[])[], last.Output]),
                $"{last.Output} = {Formulas.Formula(last, last.PreActivation.Name)}");
        }
    }

    /// <summary>From the loss to the deltas of every layer that needs them: those from the first trained one on, or all where the inputs' are wanted.</summary>
    public static IEnumerable<Operation> Backward(NetworkPlan plan)
    {
        if (plan.Model.Loss is null)
        {
            yield break;
        }

        LayerPlan last = plan.Last;
        bool isSoftmax = last.Model.Activation == Activation.Softmax;
        bool isStraightLine = plan.Form == Form.StraightLine;

        // Straight-line code has targets as lanes, smoothed or weighted where they are.
        Value target = plan.HasSoftTargets && !isStraightLine ? plan.SoftTarget : plan.Target;
        Value[] inputs = [last.PreActivation, last.Output, target];
        Value[] normalizer = isStraightLine && plan.Model.Loss == LossFunction.CrossEntropy ? [BufferAllocator.Normalizer(plan)] : [];
        Value[] terms = isStraightLine ? Terms(plan) : [];
        yield return new(OperationKind.Loss, last, Values([.. inputs, .. normalizer]), Values([plan.Losses, .. terms]), LossFormulas.Loss(plan));
        yield return new(
            OperationKind.OutputDelta, last, Values(inputs), Values([last.IncomingDelta, .. isSoftmax ? terms : []]), LossFormulas.OutputDelta(plan));
        int first = plan.HasInputDelta ? 1 : FirstTrained(plan);
        for (int number = plan.Layers.Count; number >= first; number--)
        {
            LayerPlan layer = plan.Layers[number - 1];
            if (!layer.IsLast && !(number == 1 && plan.FusesFirstDelta))
            {
                yield return Product(plan.Layers[number], layer);
            }

            if (layer.HasSlopePass)
            {
                yield return new(OperationKind.Slope, layer, Values(layer.IncomingDelta, layer.Kept!), Values(layer.PreActivationDelta), Formulas.SlopeDelta(layer));
            }

            if (layer.IsNormalized)
            {
                yield return new(
                    OperationKind.NormalizeBackward, layer,
                    Values([layer.PreActivationDelta, layer.Normalized, .. layer.IsBatchNormalized ? [] : (Value[])[layer.Reciprocals]]),
                    Values(layer.Delta), Formulas.NormalizationDelta(layer));
            }
        }

        if (plan.HasInputDelta)
        {
            LayerPlan layer = plan.First;
            yield return new(
                OperationKind.DeltaProduct,
                layer,
                Values([layer.Delta, .. layer.IsResidual ? [layer.IncomingDelta] : (Value[])[], .. plan.InputMask is { } mask ? [mask] : (Value[])[]]),
                Values(plan.InputDelta),
                Formulas.InputDelta(plan, isScaled: false),
                Formulas.DeltaShapes(layer));
        }
    }

    /// <summary>The gradients of the trained layers, last to first.</summary>
    public static IEnumerable<Operation> Gradients(NetworkPlan plan)
    {
        if (plan.Model.Loss is null)
        {
            yield break;
        }

        foreach (LayerPlan layer in plan.Layers.Reverse().Where(static layer => layer.IsTrained))
        {
            bool isFused = layer.Number == 1 && plan.FusesFirstDelta;
            Value[] reads =
            [
                layer.Seen,
                .. isFused ? [plan.Layers[1].Delta, .. layer.Kept is null ? (Value[])[] : [layer.Kept]] : (Value[])[layer.Delta],
                .. layer.IsNormalized ? [layer.PreActivationDelta, layer.Normalized] : (Value[])[],
                .. layer.Model.HasSlope ? [layer.IncomingDelta, layer.PreActivation] : (Value[])[],
            ];
            yield return new(OperationKind.Gradient, layer, Values(reads), default, Formulas.Gradient(layer), Formulas.GradientShapes(layer))
            {
                IsFused = isFused,
            };
        }

        if (plan.TrainsScales)
        {
            yield return new(OperationKind.ScaleGradient, plan.First, Values(plan.InputDelta), default, Formulas.ScaleGradient(plan));
        }
    }

    /// <summary>Number of the first layer whose parameters are trained.</summary>
    private static int FirstTrained(NetworkPlan plan) =>
        plan.Layers.FirstOrDefault(static layer => layer.IsTrained)?.Number ?? plan.Layers.Count + 1;

    private static Operation Product(LayerPlan next, LayerPlan layer) => new(
        OperationKind.DeltaProduct,
        next,
        Values(
        [
            next.Delta,
            .. next.IsResidual ? [next.IncomingDelta] : (Value[])[],
            .. layer.Noise?.Mask is { } mask ? [mask] : (Value[])[],
            .. layer.FusedSlope is { } kept ? [kept] : (Value[])[],
        ]),
        Values(layer.IncomingDelta),
        Formulas.Delta(layer, next),
        Formulas.DeltaShapes(next))
    {
        Target = layer,
        IsFused = layer.FusedSlope is not null,
    };

    private static Operation AddNoise(LayerPlan layer, NoisePlan noise) => new(
        OperationKind.AddNoise,
        layer,
        Values([noise.Source, .. noise.Kinds.Select(noise.ValuesOf)]),
        Values(noise.Result),
        $"{noise.Result} = {Formulas.Noise(noise)}")
    { Noise = noise };

    /// <summary>Of straight-line code, the room for a sum over the outputs, where there are several.</summary>
    private static Value[] Terms(NetworkPlan plan) => plan.Model.OutputSize > 1 ? [BufferAllocator.Terms(plan)] : [];

    /// <summary>What comes of the sums, first to last.</summary>
    private static Value[] Activations(LayerPlan layer) =>
    [
        .. ((Value[])
        [
            .. layer.KeepsPreActivations ? [layer.PreActivation] : (Value[])[],
            .. layer.KeepsActivation ? [layer.Activated] : (Value[])[],
            layer.Output,
        ]).Distinct(),
    ];

    private static EquatableArray<Value> Values(params Value[] values) => new([.. values.Distinct()]);
}
