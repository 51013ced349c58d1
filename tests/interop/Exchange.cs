// Exchange train: trains a network on rows.csv and saves it. Exchange predict FILE: the outputs of the network in a file for the inputs of rows.csv.
using System.Globalization;
using Mlp;

Dataset rows = CsvData.LoadTargets("rows.csv", "y");
if (args[0] == "train")
{
    ExchangedNet trained = new(seed: 1);
    trained.Train(rows, new TrainingOptions { Epochs = 20 });
    trained.Save("ours.safetensors");
    trained.SaveOnnx("ours.onnx");
}
else
{
    float[] outputs = new float[rows.Count];
    ExchangedNet.Load(args[1]).Predict(rows.Inputs, outputs);
    Console.WriteLine(string.Join('\n', outputs.Select(static output => output.ToString(CultureInfo.InvariantCulture))));
}

[Input(30, Standardize = true)]
[Dense(64, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class ExchangedNet;
