using Mlp;
using MlpGenApp;

// Data of your own: CsvData.LoadLabels("rows.csv", target: "species"), or records with [Input<TRecord>].
Dataset data = SyntheticData.Circles(5000, factor: 0.3, noise: 0.05, seed: 1);
(Dataset rest, Dataset test) = data.Split(0.8, seed: 1);
(Dataset train, Dataset validation) = rest.Split(0.9, seed: 2);

CircleNet net = new(seed: 1);
net.Train(train, new TrainingOptions
{
    Epochs = 50,
    Validation = validation,
    EarlyStopping = new EarlyStopping(patience: 10),
    Progress = new ConsoleProgress(),
});

Console.WriteLine(net.Report(test));
net.Save("circles.safetensors");
Console.WriteLine($"(0.1, -0.2) lies on the inner circle with probability {net.Predict([0.1f, -0.2f]):F4}; the network is in circles.safetensors");
