// Training beside serving: requests are answered by a published copy while a private network learns from what has come in. The world changes on the way.
using Mlp;

StreamNet learner = new(seed: 1);
Adam adam = new(1e-2f);
StreamNet served = learner.Clone();
int answered = 0, right = 0;
using CancellationTokenSource closing = new();

// One thread answers. It takes the published network once a request, so that an answer comes from one set of weights.
Thread server = new(() =>
{
    Random requests = new(2);
    while (!closing.IsCancellationRequested)
    {
        StreamNet network = Volatile.Read(ref served);
        float probability = network.Predict([(float)requests.NextDouble(), (float)requests.NextDouble()]);
        if (!float.IsFinite(probability))
            throw new InvalidOperationException("A request saw weights that are not finite.");
        Interlocked.Increment(ref answered);
    }
});
server.Start();

// The other learns: each hour brings 500 rows of what happened. In hour 6 the rule changes.
for (int hour = 1; hour <= 10; hour++)
{
    Dataset news = Hour(hour);
    right = (int)Math.Round(served.Evaluate(news).Accuracy!.Value * news.Count);
    Console.WriteLine($"hour {hour,2}: {(double)right / news.Count:P1} of its {news.Count} rows were foreseen");

    DataLoader loader = new(news, batchSize: 50, seed: hour, targetSize: 1);
    for (int pass = 0; pass < 20; pass++)
    {
        foreach (Batch batch in loader.Epoch(pass))
            learner.TrainStep(batch.Inputs, batch.Targets, adam);
    }

    Volatile.Write(ref served, learner.Clone());
}

closing.Cancel();
server.Join();
Console.WriteLine($"{answered:N0} requests were answered meanwhile, all by whole networks: {answered > 0}");

// Points of the unit square, above or below a line; from hour 6 on it is another line.
static Dataset Hour(int hour)
{
    const int Rows = 500;
    Random random = new(hour);
    float[] inputs = new float[2 * Rows];
    int[] labels = new int[Rows];
    for (int row = 0; row < Rows; row++)
    {
        (inputs[2 * row], inputs[(2 * row) + 1]) = (random.NextSingle(), random.NextSingle());
        float x = inputs[2 * row], y = inputs[(2 * row) + 1];
        labels[row] = (hour < 6 ? y > x : y > 1 - x) ? 1 : 0;
    }

    return Dataset.FromLabels(inputs, labels, inputSize: 2, classCount: 2);
}
