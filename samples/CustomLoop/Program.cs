// A training loop of one's own: mini-batches, a learning rate that falls, gradients with noise, and the best network kept.
using Mlp;

Dataset spirals = SyntheticData.Spirals(3000, noise: 0.02, seed: 1, classes: 3);
(Dataset train, Dataset validation, Dataset test) = spirals.Split(0.6, 0.2, SplitBy.Class, seed: 1);

SpiralNet net = new(seed: 1);
SpiralNet best = net.Clone();
Adam adam = new(1e-2f);
DataLoader loader = new(train, batchSize: 32, seed: 1);
CosineDecay decay = new(minimum: 0.01) { WarmUp = Duration.Epochs(1) };

const int Epochs = 40;
float[] gradients = new float[SpiralNet.ParameterCount];
Random noise = new(1);
long step = 0;
double bestLoss = double.PositiveInfinity;
for (int epoch = 0; epoch < Epochs; epoch++)
{
    double sum = 0;
    foreach (Batch batch in loader.Epoch(epoch))
    {
        net.LearningRateFactor = decay.FactorAt(new(step++, (long)Epochs * loader.BatchesPerEpoch, loader.BatchesPerEpoch));
        if (epoch < 10)
        {
            // Gradients in one's own hands: noise that fades (Neelakantan et al. 2015), which Train has no option for.
            sum += batch.Count * net.ComputeGradients(batch.Inputs, batch.Targets, gradients);
            double deviation = 0.01 / Math.Sqrt(1 + step);
            for (int i = 0; i < gradients.Length; i++)
                gradients[i] += (float)(deviation * ((2 * noise.NextDouble()) - 1));
            net.ApplyGradients(gradients, adam);
        }
        else
        {
            sum += batch.Count * net.TrainStep(batch.Inputs, batch.Targets, adam);
        }
    }

    Evaluation now = net.Evaluate(validation);
    string mark = "";
    if (now.Loss < bestLoss)
    {
        bestLoss = now.Loss;
        best.CopyFrom(net);
        mark = " *";
    }

    if (epoch % 5 == 4)
        Console.WriteLine($"epoch {epoch + 1,2}: loss {sum / train.Count:F4}, validation {now.Loss:F4}, rate {adam.LearningRate * net.LearningRateFactor:G3}{mark}");
}

Console.WriteLine($"test accuracy {best.Evaluate(test).Accuracy:P1} after {net.StepsTrained} steps");
