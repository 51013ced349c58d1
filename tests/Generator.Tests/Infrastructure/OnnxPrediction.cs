using Microsoft.ML.OnnxRuntime;

namespace Generator.Tests.Infrastructure;

/// <summary>A network's ONNX file, and its predictions by ONNX Runtime.</summary>
internal sealed class OnnxPrediction : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxPrediction(byte[] file)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(file, options);
    }

    /// <summary>What <c>SaveOnnx</c> writes.</summary>
    public static byte[] FileOf(CompiledNetwork net)
    {
        using MemoryStream stream = new();
        net.Bind<Action<Stream>>("SaveOnnx")(stream);
        return stream.ToArray();
    }

    /// <summary>Predicts rows.</summary>
    public float[] Predict(float[] inputs, int rows)
    {
        using OrtValue values = OrtValue.CreateTensorValueFromMemory(inputs, [rows, inputs.Length / rows]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, ["input"], [values], ["output"]);
        Assert.Equal([rows, _session.OutputMetadata["output"].Dimensions[1]], results[0].GetTensorTypeAndShape().Shape);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
