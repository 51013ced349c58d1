using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes the kernels of a network in one form: the mathematics of every operation, and the few members by which the runtime's passes call them.</summary>
internal abstract class KernelWriter(NetworkPlan plan)
{
    protected NetworkPlan Plan => plan;

    /// <summary>The text of the file Forward.</summary>
    public string Forward { get; private set; } = "";

    /// <summary>The text of the file Backward; empty where there is no loss.</summary>
    public string Backward { get; private set; } = "";

    public static KernelWriter Of(NetworkPlan plan)
    {
        KernelWriter writer = plan.Form switch
        {
            Form.StraightLine => new StraightLine.StraightLineWriter(plan),
            Form.Tiled => new Rows.TiledWriter(plan),
            _ => new Rows.PlainWriter(plan),
        };
        writer.Write();
        return writer;
    }

    protected abstract void WriteForward(SourceWriter w);

    protected abstract void WriteBackward(SourceWriter w);

    /// <summary>A sentence on the form, for the head of the file Forward.</summary>
    protected abstract string Introduction { get; }

    /// <summary>Offsets, strides and sizes.</summary>
    protected abstract IEnumerable<(string Name, int Value, string Comment)> Constants { get; }

    private void Write()
    {
        SourceWriter forward = new();
        WriteForward(forward);
        if (plan.Model.Loss is not null)
        {
            SourceWriter backward = new();
            WriteBackward(backward);
            Backward = $"{LossFormulas.ChainRule(plan)}\n\n{backward.ToString().Trim('\n')}";
        }

        SourceWriter head = new();
        head.Lines($"// {Introduction}");
        string notes = string.Join("\n", plan.Layers.Select(static layer => layer.Facts.Note).Where(static note => note.Length > 0).Distinct().Select(static note => $"// {note}"));
        if (notes.Length > 0)
        {
            head.Lines(notes);
        }

        head.Line();
        Emitted.Constants(head, Constants, forward + Backward);
        head.Line();
        Forward = head + forward.ToString().Trim('\n');
    }

    /// <summary>Where the parameters lie, with their shapes.</summary>
    protected IEnumerable<(string Name, int Value, string Comment)> ParameterConstants
    {
        get
        {
            if (plan.Model.IsEnsemble)
            {
                yield return ("Members", plan.Model.Members, "each with scales s and a last layer of its own");
            }

            foreach (LayerPlan layer in plan.Layers)
            {
                ParameterPlaces places = layer.Places;
                int l = layer.Number;
                string shape = places.IsTransposed ? $"[output {layer.Outputs}][input {layer.Inputs}]" : $"[input {layer.Inputs}][output {layer.Outputs}]";
                yield return ($"W{l}", places.Weights, $"{shape}, rows of {places.WeightStride}{(plan.IsHead(layer) ? ", of the first member" : "")}");
                yield return ($"W{l}Stride", places.WeightStride, "");
                yield return ($"B{l}", places.Biases, $"[{layer.Outputs}]");
                yield return ($"Gains{l}", places.Gains, $"γ{l} [{layer.Outputs}]");
                yield return ($"Shifts{l}", places.Shifts, $"β{l} [{layer.Outputs}]");
                yield return ($"S{l}", places.Slope, $"the slope α{l}");
            }
        }
    }
}
