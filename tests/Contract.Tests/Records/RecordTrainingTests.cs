namespace Contract.Tests.Records;

public class RecordTrainingTests
{
    [Fact]
    public void TrainOnRecords_LearnsThem_AndPredictsOneAsItsEncoding()
    {
        Passenger[] rows = Passengers.Draw(400);
        SurvivalNet net = new(seed: 1);

        TrainingHistory history = net.Train(rows, new TrainingOptions { Epochs = 30, BatchSize = 32, Optimizer = new Adam(1e-2f) });

        Assert.Equal(30, history.Epochs.Count);
        Assert.True(net.Evaluate(Passengers.Draw(300, seed: 2)).Accuracy > 0.9);
        float[] inputs = new float[SurvivalNet.InputSize];
        net.Encode(rows[0], inputs);
        Assert.Equal(net.Predict(inputs.AsSpan()), net.Predict(rows[0]));
        Assert.Contains(net.PredictLabel(rows[0]), (string[])["false", "true"]);
    }
}
