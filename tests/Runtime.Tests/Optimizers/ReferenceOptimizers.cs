using System.Text.Json;

namespace Mlp.Runtime.Tests.Optimizers;

/// <summary>The optimizers that the cases of the reference vectors describe.</summary>
internal static class ReferenceOptimizers
{
    /// <summary>Number of cases in the file.</summary>
    public const int Count = 19;

    public static Optimizer Of(string name, JsonElement hyperparameters)
    {
        float Value(string key) => hyperparameters.TryGetProperty(key, out JsonElement value) ? value.GetSingle() : 0;
        bool IsSet(string key) => hyperparameters.TryGetProperty(key, out JsonElement value) && value.GetBoolean();
        float rate = Value("learningRate");
        float decay = Value("weightDecay");
        float epsilon = Value("epsilon");
        (float beta1, float beta2) = (Value("beta1"), Value("beta2"));
        return name switch
        {
            "sgd" => new Sgd(rate, Value("momentum"), IsSet("nesterov"), decay),
            "adam" => new Adam(rate, decay, beta1, beta2, epsilon),
            "amsgrad" => new Adam(rate, decay, beta1, beta2, epsilon, amsGrad: true),
            "adamw" => new AdamW(rate, decay, beta1, beta2, epsilon),
            "nadam" => new NAdam(rate, decay, beta1, beta2, epsilon, Value("momentumDecay")),
            "radam" => new RAdam(rate, decay, beta1, beta2, epsilon),
            "rmsprop" => new RmsProp(rate, Value("momentum"), decay, epsilon, Value("decay"), IsSet("centered")),
            "adagrad" => new Adagrad(rate, decay, epsilon),
            "adadelta" => new Adadelta(rate, decay, epsilon, Value("decay")),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such optimizer."),
        };
    }
}
