// The classic: 60,000 handwritten digits of 28×28 pixels, 784-300-100-10.
using System.Diagnostics;
using System.Globalization;
using Mlp;

string[] names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
if (args.Length == 0 || !names.All(name => File.Exists(Find(name))))
{
    Console.WriteLine("""
        Usage: dotnet run -c Release --project samples/Mnist FOLDER [STEPS]

        FOLDER holds the four files of MNIST, compressed or not: train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,
        t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz. They are mirrored at ossci-datasets.s3.amazonaws.com/mnist/.
        Fashion-MNIST has the same files: apt-get install dataset-fashion-mnist puts them in /usr/share/datasets/fashion-mnist.
        """);
    return args.Length == 0 ? 0 : 1;
}

Dataset train = IdxData.Load(Find(names[0]), Find(names[1]));
Dataset test = IdxData.Load(Find(names[2]), Find(names[3]));
int steps = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40_000;
Console.WriteLine(MnistNet.Summary);
Console.WriteLine($"{train.Count} images to learn from, {test.Count} to test on");

MnistNet net = new(seed: 1);
Stopwatch watch = Stopwatch.StartNew();
net.Train(train, new() { Steps = steps, BatchSize = 50, Optimizer = new Adam(1e-3f), Seed = 1, Progress = new ConsoleProgress() });
double seconds = watch.Elapsed.TotalSeconds;

Console.WriteLine($"{steps} steps in {seconds:F1} s: {steps * 50 / seconds:F0} images a second");
Console.WriteLine($"test accuracy {net.Evaluate(test).Accuracy:P2}");

return 0;

string Find(string name)
{
    string plain = Path.Combine(args[0], name);
    return File.Exists(plain) ? plain : plain + ".gz";
}
