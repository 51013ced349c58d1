using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Tool.Tests;

/// <summary>ONNX Runtime, which the imported classes are compared with.</summary>
internal static class OtherRuntime
{
    /// <summary>The float output of a model with one input, for some rows.</summary>
    public static float[] Predict(byte[] model, float[] inputs, int rows, int[]? shape = null, string? output = null)
    {
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using InferenceSession session = new(model, options);
        string name = session.InputMetadata.Keys.Single();
        NamedOnnxValue input = NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(inputs, shape ?? [rows, inputs.Length / rows]));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([input]);
        return [.. results.First(result => output is null ? result.Value is Tensor<float> : result.Name == output).AsTensor<float>()];
    }
}
