// Real handwritten digits, 8×8 pixels: learn, choose by validation, save, reload, and see what is mistaken for what.
using Mlp;

Dataset digits = CsvData.LoadLabels(Path.Combine(AppContext.BaseDirectory, "digits.csv"), target: "digit");
(Dataset rest, Dataset test) = digits.Split(0.8, SplitBy.Class, seed: 1);
(Dataset train, Dataset validation) = rest.Split(0.8, SplitBy.Class, seed: 2);
Console.WriteLine($"{train.Count} digits to learn from, {validation.Count} to watch progress on, {test.Count} for the verdict");

DigitsNet net = new(seed: 1);
net.Train(train, new() { Epochs = 30, BatchSize = 32, Optimizer = new Adam(3e-3f), Validation = validation, Progress = new ConsoleProgress() });

string path = Path.Combine(Path.GetTempPath(), $"digits-{Guid.NewGuid():N}.safetensors");
net.Save(path);
DigitsNet reloaded = DigitsNet.Load(path);
Console.WriteLine($"saved and reloaded: {new FileInfo(path).Length} bytes");
File.Delete(path);

ClassificationReport report = reloaded.Report(test);
Console.WriteLine(report.Confusion);
Console.WriteLine($"test accuracy {report.Accuracy:P2}, loss {report.Loss:F4}");
