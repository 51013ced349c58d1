// The smallest network there is, and four points that no straight line separates.
using System.Reflection;
using Mlp;

Dataset corners = SyntheticData.Xor();
XorNet net = new(seed: 1);

TrainingHistory history = net.Train(corners, new() { Epochs = 300, BatchSize = 4, Optimizer = new Adam(0.05f) });

Console.WriteLine(XorNet.Summary);
Console.WriteLine();
Console.WriteLine($"loss {history.Epochs[0].Loss:F4} in the first epoch, {history.Epochs[^1].Loss:F4} in the last");
foreach ((float a, float b) in new[] { (0f, 0f), (0f, 1f), (1f, 0f), (1f, 1f) })
    Console.WriteLine($"{a} xor {b} = {net.PredictClass([a, b])}   (probability {net.Predict([a, b]):F3})");

string folder = typeof(XorNet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "GeneratedFiles").Value!;
Console.WriteLine();
Console.WriteLine("How it learned, as code that the generator wrote:");
Console.WriteLine(Directory.GetFiles(folder, "*.Backward.g.cs", SearchOption.AllDirectories).Single());
