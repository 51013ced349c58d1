using System.Text.Json;
using Contract.Tests.Records;
using Microsoft.ML.OnnxRuntime;

namespace Contract.Tests;

/// <summary>A trained network goes out as an ONNX file, whole or not at all, and predicts the same there.</summary>
public class OnnxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlpgen-onnx-").FullName;

    private string FilePath => Path.Combine(_folder, "net.onnx");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void ATrainedNetwork_PredictsTheSame_InTheUnitsOfItsData()
    {
        // Years and populations to prices: nothing is near 0 or 1.
        Random random = new(1);
        float[] inputs = [.. Enumerable.Range(0, 2 * 300).Select(i => i % 2 == 0 ? 1900 + random.Next(120) : 4e6f + random.Next(1000))];
        float[] targets = [.. inputs.Chunk(2).Select(static row => 3e5f + (1000 * (row[0] - 1960)) + row[1] - 4e6f)];
        PricesNet net = new(seed: 1);
        net.Train(Dataset.FromTargets(inputs, targets, 2, 1), new TrainingOptions { Epochs = 20 });
        net.SaveOnnx(FilePath);

        float[] predicted = new float[300];
        net.Predict(inputs, predicted);
        AssertClose(predicted, Predict(FilePath, inputs, rows: 300, out _));
    }

    [Fact]
    public void NamesOfInputsAndClasses_AreInTheMetadata_WhereThereAreAny()
    {
        string[] columns = ["größe \"a\"", "b,c", "d"];
        string[] animals = ["bird", "cat", "ドッグ"];
        ClassesNet net = new(seed: 1);
        net.SaveOnnx(FilePath);
        Predict(FilePath, new float[3], rows: 1, out IReadOnlyDictionary<string, string> metadata);
        Assert.Empty(metadata);

        net.Train(Dataset.FromLabels([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2], 3, 3).WithNames(columns, animals), new TrainingOptions { Epochs = 1 });
        net.SaveOnnx(FilePath);
        Predict(FilePath, new float[3], rows: 1, out metadata);
        Assert.Equal(["mlpgen.class_names", "mlpgen.input_names"], metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(columns, JsonSerializer.Deserialize<string[]>(metadata["mlpgen.input_names"]));
        Assert.Equal(animals, JsonSerializer.Deserialize<string[]>(metadata["mlpgen.class_names"]));
    }

    [Fact]
    public void OfANetworkOverRecords_TheInputIsARowOfEncode()
    {
        Passenger[] passengers = Passengers.Draw(200);
        SurvivalNet survival = new(seed: 1);
        survival.Train(passengers, new TrainingOptions { Epochs = 5 });
        survival.SaveOnnx(FilePath);
        AssertClose(
            [.. passengers.Select(row => survival.Predict(row))],
            Predict(FilePath, survival.Encode(passengers).Inputs.ToArray(), passengers.Length, out IReadOnlyDictionary<string, string> metadata));
        Assert.Equal(survival.InputNames, JsonSerializer.Deserialize<string[]>(metadata["mlpgen.input_names"]));
        Assert.Equal(survival.ClassNames, JsonSerializer.Deserialize<string[]>(metadata["mlpgen.class_names"]));
    }

    /// <summary>Codes of embeddings stand in the encoded row as whole numbers, those of unseen and missing values too.</summary>
    [Fact]
    public void CodesOfEmbeddings_AreLookedUpInTheGraph()
    {
        Trip[] trips =
        [
            .. Enumerable.Range(0, 60).Select(static i => new Trip { Port = "ABC"[i % 3].ToString(), Distance = i, Season = (Season)(i % 3), Price = i % 7 }),
        ];
        TripEnsemble net = new(seed: 1);
        net.Train(trips, new TrainingOptions { Epochs = 5 });
        net.SaveOnnx(FilePath);
        Trip[] asked = [.. trips, new Trip { Port = "never seen", Distance = 3 }, new Trip { Distance = 4, Season = Season.Summer }];
        float[] rows = new float[asked.Length * TripEnsemble.InputSize];
        for (int i = 0; i < asked.Length; i++)
        {
            net.Encode(asked[i], rows.AsSpan(i * TripEnsemble.InputSize, TripEnsemble.InputSize));
        }

        AssertClose([.. asked.Select(row => net.Predict(row))], Predict(FilePath, rows, asked.Length, out _));
    }

    [Fact]
    public void FilesAndStreams_CopiesAndLoadedNetworks_HaveTheSameBytes()
    {
        FullNet net = new(seed: 1);
        net.Train(Dataset.FromTargets([.. Enumerable.Range(0, 600).Select(static i => MathF.Sin(i))], [.. Enumerable.Range(0, 100).Select(static i => MathF.Cos(i))], 6, 1));
        net.SaveOnnx(FilePath);
        byte[] expected = File.ReadAllBytes(FilePath);

        string saved = Path.Combine(_folder, "net.safetensors");
        net.Save(saved);
        foreach (FullNet same in new[] { net, net.Clone(), FullNet.Load(saved) })
        {
            using MemoryStream stream = new();
            same.SaveOnnx(stream);
            Assert.Equal(expected, stream.ToArray());
        }
    }

    [Fact]
    public void WhatIsNotFinite_IsNotSaved_AndTheOlderFileStays()
    {
        ReluNet net = new(seed: 1);
        net.SaveOnnx(FilePath);
        byte[] before = File.ReadAllBytes(FilePath);
        net.Layer1.Weights[2, 5] = float.NaN;

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => net.SaveOnnx(FilePath));
        Assert.Contains("Layer1.weight[5, 2] is NaN", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => net.SaveOnnx(new MemoryStream()));
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Fact]
    public void WhereNoFileCanBe_TheErrorNamesThePath()
    {
        string path = Path.Combine(_folder, "missing", "net.onnx");
        DirectoryNotFoundException error = Assert.Throws<DirectoryNotFoundException>(() => new ReluNet().SaveOnnx(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => new ReluNet().SaveOnnx(_folder));
        Assert.Throws<ArgumentNullException>(() => new ReluNet().SaveOnnx((Stream)null!));
    }

    private static float[] Predict(string path, float[] inputs, int rows, out IReadOnlyDictionary<string, string> metadata)
    {
        using InferenceSession session = new(path);
        metadata = session.ModelMetadata.CustomMetadataMap;
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(inputs, [rows, inputs.Length / rows]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["input"], [input], ["output"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (1e-5f * largest), pair.First + (1e-5f * largest)));
    }
}
