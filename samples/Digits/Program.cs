// Real handwritten digits, 8×8 pixels: learn, choose by validation, save, reload, and see what is mistaken for what.
using Mlp;
using Spectre.Console;

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

int[,] confusion = new int[10, 10];
for (int row = 0; row < test.Count; row++)
    confusion[test.Labels[row], reloaded.PredictClass(test.Inputs.Slice(row * test.InputSize, test.InputSize))]++;

Table table = new Table().AddColumn("digit \\ seen as");
for (int digit = 0; digit < 10; digit++)
    table.AddColumn(new TableColumn(test.ClassNames![digit]).RightAligned());
for (int digit = 0; digit < 10; digit++)
    table.AddRow([test.ClassNames![digit], .. Enumerable.Range(0, 10).Select(seen => confusion[digit, seen] is > 0 and int n ? $"{n}" : "")]);
AnsiConsole.Write(table);

Evaluation verdict = reloaded.Evaluate(test);
Console.WriteLine($"test accuracy {verdict.Accuracy:P2}, loss {verdict.Loss:F4}");
