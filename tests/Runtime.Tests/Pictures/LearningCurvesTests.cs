namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Pictures of runs, as they come.</summary>
public class LearningCurvesTests
{
    [Fact]
    public void Curves_ShowLossAccuracyAndTheBestEpoch()
    {
        Drawn drawn = Draw(Epochs(20, static i => 1.0 / i, static i => 0.1 + (Math.Abs(i - 12) / 100.0), accuracies: true), best: 12);
        Assert.Equal("Learning curves", drawn.Title);
        Assert.Equal("20 epochs. Training loss from 1 to 0.05, validation loss from 0.21 to 0.18. Validation accuracy at the end 99.0 %. "
            + "The best epoch is 12, with a validation loss of 0.1.", drawn.Description);
        Assert.Equal(["Learning curves", "training", "validation", "best: epoch 12, loss 0.1"], drawn.Texts[..4]);
        drawn.AssertShows(["loss", "accuracy", "epoch"]);
        Assert.DoesNotContain("learning rate", drawn.Texts);
        Assert.Equal(4, drawn.WithClasses("line").Count(static line => line.Attribute("d")!.Value.Length > 40));
        Assert.Equal(2, drawn.WithClasses("guide").Count());
    }

    [Fact]
    public void WithoutValidationAndClasses_ThereIsOneCurve()
    {
        Drawn drawn = Draw(Epochs(5, static i => 1.0 / i), best: null);
        Assert.DoesNotContain("validation", drawn.Texts);
        Assert.DoesNotContain("accuracy", drawn.Texts);
        Assert.Empty(drawn.WithClasses("guide"));
        Assert.Equal("5 epochs. Training loss from 1 to 0.2.", drawn.Description);
    }

    [Fact]
    public void LossesOfDifferentSizes_AreOnALogarithmicAxis()
    {
        Assert.Contains("loss (logarithmic)", Draw(Epochs(5, static i => Math.Pow(10, -i)), best: null).Texts);
        Assert.Contains("loss", Draw(Epochs(5, static i => i - 3), best: null).Texts);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.MaxValue)]
    [InlineData(0)]
    public void OddLosses_AreGaps_AndNothingIsLost(double odd)
    {
        Draw(Epochs(10, i => i == 5 ? odd : 1.0 / i, i => i == 7 ? odd : 0.5, accuracies: true), best: 3);
        Draw(Epochs(10, _ => odd, _ => odd), best: null);
        Draw(Epochs(1, _ => odd), best: 1);
    }

    [Fact]
    public void AShortRun_IsSeen()
    {
        Assert.Equal("No epoch was completed.", Draw([], best: null).Description);
        Drawn one = Draw(Epochs(1, static _ => 0.5, static _ => 0.25, accuracies: true), best: 1);
        Assert.Equal("1 epoch. Training loss from 0.5 to 0.5, validation loss from 0.25 to 0.25. Validation accuracy at the end 99.0 %. "
            + "The best epoch is 1, with a validation loss of 0.25.", one.Description);
        Assert.Equal(4, one.WithClasses("line").Count(static dot => dot.Attribute("stroke-linecap") is not null));
    }

    [Fact]
    public void ALongRun_IsASmallFile() =>
        Assert.InRange(Draw(Epochs(100_000, static i => 1 + Math.Sin(i), static i => 1 + Math.Cos(i), accuracies: true), best: 500).Text.Length, 1000, 60_000);

    [Theory]
    [MemberData(nameof(OddCulture.All), MemberType = typeof(OddCulture))]
    public void TheFile_DoesNotFollowTheCulture(string decimalSeparator, string negativeSign)
    {
        EpochResult[] epochs = Epochs(12, static i => (1.0 / i) - 0.3, static i => 0.1234567 / i, accuracies: true);
        string usual = Draw(epochs, best: 4).Text;
        using OddCulture culture = new(decimalSeparator, negativeSign);
        Assert.Equal(usual, Draw(epochs, best: 4).Text);
    }

    private static Drawn Draw(EpochResult[] epochs, int? best) =>
        Drawn.Check(LearningCurvesPicture.Draw(new TrainingHistory(epochs) { BestEpoch = best }, "Learning curves").ToString());

    private static EpochResult[] Epochs(int count, Func<int, double> loss, Func<int, double>? validation = null, bool accuracies = false) =>
    [
        .. Enumerable.Range(1, count).Select(i => new EpochResult(
            i, loss(i), accuracies ? 1 - (0.5 / i) : null, validation?.Invoke(i), accuracies && validation is not null ? 0.99 : null, TimeSpan.FromSeconds(1))),
    ];
}
