using Mlp.Generator.Emit.StraightLine;
using Mlp.Generator.Emit.Tiled;
using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>From the model of a network to its generated files: the face, the forward pass, the backward pass.</summary>
internal static class NetworkEmitter
{
    public static IEnumerable<GeneratedFile> Emit(NetworkModel model, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        NetworkPlan? plan = model.Fault is null ? NetworkPlanner.Plan(model) : null;
        string baseList = plan is not null && model.Loss is not null ? $" : global::Mlp.INetwork<{model.FullName}>" : "";
        yield return new GeneratedFile(HintName.Of(model), FileHeader.Write(
            model,
            $"{model.ClassName}: what users call.",
            FaceEmitter.ClassDocumentation(model),
            baseList,
            annotates: true,
            choices: [],
            w => FaceEmitter.Emit(w, model, plan)));
        if (plan is null)
        {
            yield break;
        }

        token.ThrowIfCancellationRequested();
        bool isTiled = plan.Strategy == Strategy.Tiled;
        yield return Stage("Forward", $"{model.ClassName}: the forward pass.", isTiled ? TiledForwardEmitter.Emit : StraightLineForwardEmitter.Emit);
        if (model.Loss is null)
        {
            yield break;
        }

        token.ThrowIfCancellationRequested();
        yield return Stage("Backward", $"{model.ClassName}: the loss, and the backward pass by the chain rule.", (w, plan) =>
        {
            w.Lines(LossText.ChainRule(plan));
            w.Line();
            (isTiled ? (Action<SourceWriter, NetworkPlan>)TiledBackwardEmitter.Emit : StraightLineBackwardEmitter.Emit)(w, plan);
        });

        GeneratedFile Stage(string stage, string title, Action<SourceWriter, NetworkPlan> emit) => new(
            HintName.Of(model, stage),
            FileHeader.Write(model, title, "", "", annotates: false, choices: isTiled ? TileText.Choices(plan) : [], body: w =>
            {
                using (w.Block(Emitted.KernelsHead))
                {
                    emit(w, plan);
                }
            }));
    }
}
