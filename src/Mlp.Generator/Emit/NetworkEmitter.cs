using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>From the model of a network to its generated files: the face, the forward pass, the backward pass.</summary>
internal static class NetworkEmitter
{
    public static IEnumerable<GeneratedFile> Emit(NetworkModel model, bool isPlain, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        NetworkPlan? plan = model.Fault is null ? NetworkPlanner.Plan(model, isPlain) : null;
        string baseList = plan is not null && model.Loss is not null ? $" : global::Mlp.INetwork<{model.FullName}{(model.Record is null ? "" : $", {model.Record.TypeName}")}>" : "";
        yield return new GeneratedFile(HintName.Of(model), FileHeader.Write(
            model,
            $"{model.ClassName}: what users call.",
            FaceEmitter.ClassDocumentation(model),
            baseList,
            annotates: true,
            w => FaceEmitter.Emit(w, model, plan)));
        if (plan is null)
        {
            yield break;
        }

        token.ThrowIfCancellationRequested();
        if (model.Record is not null)
        {
            yield return new GeneratedFile(HintName.Of(model, "Encoder"), FileHeader.Write(
                model, $"{model.ClassName}: from records to inputs.", "", "", annotates: false, body: new EncoderWriter(model.Record).Write));
        }

        KernelWriter kernels = KernelWriter.Of(plan);
        yield return Stage("Forward", $"{model.ClassName}: the forward pass.", kernels.Forward);
        if (model.Loss is not null)
        {
            yield return Stage("Backward", $"{model.ClassName}: the loss, and the backward pass by the chain rule.", kernels.Backward);
        }

        GeneratedFile Stage(string stage, string title, string text) => new(
            HintName.Of(model, stage),
            FileHeader.Write(model, title, "", "", annotates: false, body: w =>
            {
                using (w.Block(Emitted.KernelsHead))
                {
                    w.Lines(text);
                }
            }));
    }
}
