// Fashion-MNIST: 60,000 pictures of clothes, 784-512-512-10 with dropout and smoothed labels, the rate by one cycle.
using System.Globalization;
using Mlp;

string[] names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
string[] classes = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];
if (args.Length == 0 || !names.All(name => File.Exists(Find(name))))
{
    Console.WriteLine("""
        Usage: dotnet run -c Release --project samples/Fashion FOLDER [EPOCHS]

        FOLDER holds the four files of Fashion-MNIST, compressed or not: train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,
        t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz. On Debian, apt-get install dataset-fashion-mnist puts them in
        /usr/share/datasets/fashion-mnist. MNIST has the same files, with digits instead of clothes.
        """);
    return args.Length == 0 ? 0 : 1;
}

Dataset train = IdxData.Load(Find(names[0]), Find(names[1])).WithNames(inputNames: null, classNames: classes);
Dataset test = IdxData.Load(Find(names[2]), Find(names[3])).WithNames(inputNames: null, classNames: classes);
int epochs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20;
Console.WriteLine(FashionNet.Summary);

FashionNet net = new(seed: 1);
net.Train(train, new()
{
    Epochs = epochs,
    BatchSize = 128,
    Optimizer = new Adam(2e-3f),
    Schedule = new OneCycle(),
    Seed = 1,
    Progress = new ConsoleProgress(),
});

ClassificationReport report = net.Report(test);
Console.WriteLine(report);
Console.WriteLine($"test accuracy {report.Accuracy:P2}");
return 0;

string Find(string name)
{
    string plain = Path.Combine(args[0], name);
    return File.Exists(plain) ? plain : plain + ".gz";
}
