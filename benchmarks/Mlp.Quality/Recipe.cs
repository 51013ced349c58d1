namespace Mlp.Quality;

/// <summary>The guide's defaults.</summary>
internal static class Recipe
{
    public static TrainingOptions Options(Dataset validation, int seed, float penalty = 1e-3f) => new()
    {
        Epochs = 200,
        BatchSize = 64,
        Optimizer = new Adam(1e-3f),
        L2 = penalty,
        Schedule = new CosineDecay(),
        EarlyStopping = new EarlyStopping(patience: 20),
        Validation = validation,
        Seed = seed,
    };
}
