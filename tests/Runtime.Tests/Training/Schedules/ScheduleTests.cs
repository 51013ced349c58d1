using System.Text.Json;

namespace Mlp.Runtime.Tests.Training.Schedules;

public class ScheduleTests
{
    private const double Tolerance = 1e-12;

    private static readonly Duration Step = Duration.Steps(1);

    [SharedFact]
    public void AllSchedules_AgreeWithTheReference()
    {
        foreach (JsonElement golden in SharedFiles.GoldenCases("schedules.json"))
        {
            string kind = golden.GetProperty("schedule").GetString()!;
            JsonElement parameters = golden.GetProperty("parameters");
            double[] rates = [.. golden.GetProperty("rates").EnumerateArray().Select(static rate => rate.GetDouble())];
            double initial = kind == "one_cycle" ? Of("maximum") : Of("initial");
            if (kind == "plateau")
            {
                PlateauState state = new(
                    new ReduceOnPlateau(Of("factor"), (int)Of("patience"), Of("threshold"), (int)Of("cooldown"), Of("minimum") / initial));
                Assert.All(rates.Zip(golden.GetProperty("losses").EnumerateArray()), epoch =>
                {
                    AssertClose(epoch.First, initial * state.Factor);
                    state.See(epoch.Second.GetDouble());
                });
                continue;
            }

            Schedule schedule = kind switch
            {
                "step" => new StepDecay(Duration.Steps((long)Of("size")), Of("factor")),
                "exponential" => new ExponentialDecay(Of("k"), Step),
                "inverse" => new InverseTimeDecay(Of("k"), Step),
                "cosine" => new CosineDecay(Of("minimum") / initial),
                "cosine_warmup" => new CosineDecay(Of("minimum") / initial) { WarmUp = Duration.Steps((long)Of("warmup")) },
                "one_cycle" => new OneCycle(Of("fraction"), Of("div"), Of("finalDiv"), parameters.GetProperty("anneal").GetString() == "linear"),
                "polynomial" => new PolynomialDecay(Of("power"), Of("minimum") / initial),
                _ => throw new NotSupportedException(kind),
            };
            long steps = parameters.TryGetProperty("steps", out JsonElement count) ? count.GetInt64() : rates.Length;
            Assert.All(rates, (rate, t) => AssertClose(rate, initial * schedule.FactorAt(new SchedulePoint(t, steps, 5))));

            double Of(string name) => parameters.GetProperty(name).GetDouble();

            void AssertClose(double expected, double actual) =>
                Assert.True(Math.Abs(expected - actual) <= Tolerance * rates.Max(), $"{golden.GetProperty("name")}: {actual:r} instead of {expected:r}.");
        }
    }

    /// <summary>Every schedule, its warm-up apart, with a factor or two that its formula gives by hand: of step t of 100, 10 an epoch.</summary>
    public static TheoryData<Schedule, long, double> Formulas() => new()
    {
        { new StepDecay(Duration.Epochs(1)), 9, 1 },
        { new StepDecay(Duration.Epochs(1)), 10, 0.5 },
        { new StepDecay(Duration.Share(0.29), 0.1), 28, 1 },
        { new StepDecay(Duration.Share(0.29), 0.1), 29, 0.1 },
        { new StepDecay(Duration.Share(0.29), 0.1), 58, 0.01 },
        { new StepDecay(Duration.Epochs(0.25)), 2, 1 },
        { new StepDecay(Duration.Epochs(0.25)), 3, 0.5 },
        { new StepDecay(Duration.Epochs(0.25)), 4, 0.5 },
        { new StepDecay(Duration.Epochs(0.25)), 5, 0.25 },
        { new StepDecay(Duration.Steps(1)), 5000, 0 },
        { new ExponentialDecay(1), 5, 0.60653065971263342 },
        { new ExponentialDecay(1, Duration.Share(1)), 50, 0.60653065971263342 },
        { new ExponentialDecay(0), 50, 1 },
        { new InverseTimeDecay(1), 5, 2.0 / 3 },
        { new InverseTimeDecay(1, Duration.Share(0.5)), 25, 2.0 / 3 },
        { new PolynomialDecay(), 25, 0.75 },
        { new PolynomialDecay(2, 0.5), 50, 0.625 },
        { new PolynomialDecay(0.5), 100, 0 },
        { new PolynomialDecay(3, 0.2), 1000, 0.2 },
        { new CosineDecay(), 50, 0.5 },
        { new CosineDecay(0.2), 100, 0.2 },
        { new CosineDecay(0.2), 1000, 0.2 },
        { new CosineDecay { Restart = Duration.Epochs(1) }, 5, 0.5 },
        { new CosineDecay { Restart = Duration.Epochs(1) }, 10, 1 },
        { new CosineDecay { Restart = Duration.Epochs(1) }, 1015, 0.5 },
        { new CosineDecay { Restart = Duration.Epochs(1), RestartFactor = 2 }, 9, 0.024471741852423234 },
        { new CosineDecay { Restart = Duration.Epochs(1), RestartFactor = 2 }, 10, 1 },
        { new CosineDecay { Restart = Duration.Epochs(1), RestartFactor = 2 }, 20, 0.5 },
        { new CosineDecay { Restart = Duration.Epochs(1), RestartFactor = 2 }, 30, 1 },
        { new CosineDecay { Restart = Duration.Epochs(1), RestartFactor = 2 }, 50, 0.5 },
        { new CosineDecay { Restart = Duration.Epochs(1), RestartFactor = 2 }, 70, 1 },
        { new OneCycle(), 0, 1.0 / 25 },
        { new OneCycle(), 29, 1 },
        { new OneCycle(), 64, 0.500002 },
        { new OneCycle(), 99, 1.0 / 25 / 1e4 },
        { new OneCycle(), 1000, 1.0 / 25 / 1e4 },
        { new OneCycle(0.51, linear: true), 25, 0.52 },
        { new OneCycle(1), 99, 1 },
        { new OneCycle(0, 10, 10, linear: true), 99, 0.01 },
        { new FlatCosine(), 70, 1 },
        { new FlatCosine(), 85, 0.5 },
        { new FlatCosine(), 100, 0 },
        { new FlatCosine(), 1000, 0 },
        { new FlatCosine(1), 100, 1 },
        { Schedule.From(static point => point.Step + (1000.0 * point.TotalSteps) + (1e6 * point.StepsPerEpoch)), 7, 10_100_007 },
        { new ReduceOnPlateau(), 99, 1 },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Factors_FollowTheFormula_AndCountFromTheEndOfTheWarmUp(Schedule schedule, long step, double expected)
    {
        Assert.Equal(expected, schedule.FactorAt(new SchedulePoint(step, 100, 10)), Tolerance * Math.Max(expected, 1));

        Schedule warm = Warm(schedule, Duration.Steps(8));
        Assert.Equal(expected, warm.FactorAt(new SchedulePoint(step + 8, 108, 10)), Tolerance * Math.Max(expected, 1));
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1], Enumerable.Range(0, 8).Select(t => warm.FactorAt(new SchedulePoint(t, 108, 10))));
    }

    [Theory]
    [InlineData("Epochs(0.25)", 3)] // 2.5 steps.
    [InlineData("Share(0.07)", 7)] // The product is above 7.
    [InlineData("Share(1)", 100)]
    public void AWarmUp_LastsWholeSteps(string duration, int steps)
    {
        Duration warmUp = Durations.Single(value => value.ToString() == duration);
        Schedule schedule = Schedule.From(static _ => 7, warmUp);

        Assert.Equal(1, schedule.FactorAt(new SchedulePoint(steps - 1, 100, 10)));
        Assert.Equal(1.0 / steps, schedule.FactorAt(new SchedulePoint(0, 100, 10)));
        Assert.Equal(7, schedule.FactorAt(new SchedulePoint(steps, 100, 10)));
    }

    [Fact]
    public void ShortRuns_HaveAFactorInEveryStep()
    {
        foreach (object[] row in Formulas())
        {
            Schedule schedule = (Schedule)row[0];
            for (int steps = 1; steps < 5; steps++)
            {
                for (int step = 0; step < 7; step++)
                {
                    Assert.InRange(schedule.FactorAt(new SchedulePoint(step, steps, 1)), 0, double.MaxValue);
                }
            }
        }
    }

    [Fact]
    public void PointsOutOfRange_AreRefused()
    {
        CosineDecay schedule = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.FactorAt(new SchedulePoint(-1, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.FactorAt(new SchedulePoint(0, 0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.FactorAt(new SchedulePoint(0, 1, 0)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public void FactorsOfOnesOwn_MustBeRates(double factor)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Schedule.From(_ => factor).FactorAt(new SchedulePoint(3, 9, 1)));
        Assert.Contains("Schedule.From", error.Message, StringComparison.Ordinal);
        Assert.Contains("step 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesOutOfRange_AreRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("factor", static () => Schedule.From(null!));
        Assert.Throws<ArgumentNullException>("Monitor", static () => new ReduceOnPlateau { Monitor = null! });
        Refused("count", static () => Duration.Steps(-1));
        Refused("every", static () => new StepDecay(default));
        Refused("every", static () => new StepDecay(Duration.Epochs(0)));
        Refused("per", static () => new ExponentialDecay(1, Duration.Share(0)));
        Refused("per", static () => new InverseTimeDecay(1, Duration.Steps(0)));
        Refused("Restart", static () => new CosineDecay { Restart = Duration.Steps(0) });
        Refused("patience", static () => new ReduceOnPlateau(patience: -1));
        Refused("cooldown", static () => new ReduceOnPlateau(cooldown: -1));
        Refused("factor", static () => new ReduceOnPlateau(factor: 1));
        Refused("factor", static () => new ReduceOnPlateau(factor: 0));
        Refused("factor", static () => new StepDecay(Step, 0));
        Refused("power", static () => new PolynomialDecay(0));
        Refused("div", static () => new OneCycle(div: 0.9));
        Refused("decay", static () => new WeightAverage(1));
        foreach (double bad in (double[])[-0.1, double.NaN, double.PositiveInfinity])
        {
            Refused("count", () => Duration.Epochs(bad));
            Refused("ofRun", () => Duration.Share(bad));
            Refused("factor", () => new StepDecay(Step, bad));
            Refused("rate", () => new ExponentialDecay(bad));
            Refused("rate", () => new InverseTimeDecay(bad));
            Refused("power", () => new PolynomialDecay(bad));
            Refused("minimum", () => new PolynomialDecay(1, bad));
            Refused("minimum", () => new CosineDecay(bad));
            Refused("RestartFactor", () => new CosineDecay { RestartFactor = bad });
            Refused("warmShare", () => new OneCycle(bad));
            Refused("div", () => new OneCycle(div: bad));
            Refused("finalDiv", () => new OneCycle(finalDiv: bad));
            Refused("flatShare", () => new FlatCosine(bad));
            Refused("factor", () => new ReduceOnPlateau(bad));
            Refused("threshold", () => new ReduceOnPlateau(threshold: bad));
            Refused("minimum", () => new ReduceOnPlateau(minimum: bad));
            Refused("decay", () => new WeightAverage(bad));
            Refused("factor", () => new LayerRate("Layer1", bad));
        }

        Refused("ofRun", static () => Duration.Share(1.1));
        Refused("RestartFactor", static () => new CosineDecay { RestartFactor = 0.9 });

        static void Refused(string name, Func<object> make) => Assert.Throws<ArgumentOutOfRangeException>(name, make);
    }

    /// <summary>Checkpoints compare options by text, and allow longer runs of schedules that do not look at the length.</summary>
    [Fact]
    public void TheText_SaysAllThereIs_AndWhatDependsOnTheLengthIsKnown()
    {
        (Schedule Schedule, string Text, bool DependsOnLength)[] all =
        [
            (new StepDecay(Duration.Epochs(1.5), 0.1), "StepDecay(Epochs(1.5), 0.1)", false),
            (new StepDecay(Duration.Share(0.5)), "StepDecay(Share(0.5), 0.5)", true),
            (new ExponentialDecay(0.5), "ExponentialDecay(0.5, Epochs(1))", false),
            (new ExponentialDecay(0.5, Duration.Share(1)), "ExponentialDecay(0.5, Share(1))", true),
            (new InverseTimeDecay(0.5), "InverseTimeDecay(0.5, Epochs(1))", false),
            (new InverseTimeDecay(0.5, Duration.Share(1)), "InverseTimeDecay(0.5, Share(1))", true),
            (new PolynomialDecay(), "PolynomialDecay(1, 0)", true),
            (new CosineDecay(0.1), "CosineDecay(0.1)", true),
            (new CosineDecay { Restart = Duration.Steps(7), RestartFactor = 2 }, "CosineDecay(0, Steps(7), 2)", false),
            (new CosineDecay { Restart = Duration.Share(0.1) }, "CosineDecay(0, Share(0.1), 1)", true),
            (new CosineDecay { Restart = Duration.Steps(7), WarmUp = Duration.Share(0.1) }, "CosineDecay(0, Steps(7), 1) { WarmUp = Share(0.1) }", true),
            (new CosineDecay { Restart = Duration.Steps(7), WarmUp = Duration.Epochs(1) }, "CosineDecay(0, Steps(7), 1) { WarmUp = Epochs(1) }", false),
            (new OneCycle(), "OneCycle(0.3, 25, 10000, False)", true),
            (new FlatCosine(), "FlatCosine(0.7)", true),
            (Schedule.From(static _ => 1), "Schedule.From", true),
            (new ReduceOnPlateau(), "ReduceOnPlateau(0.1, 10, 0.0001, 0, 0, loss)", false),
            (new HalfSchedule(), "HalfSchedule", true),
        ];
        Assert.All(all, static item => Assert.Equal((item.Text, item.DependsOnLength), (item.Schedule.ToString(), item.Schedule.DependsOnRunLength)));
        Assert.Equal("WeightAverage(0.999)", new WeightAverage().ToString());
    }

    [Fact]
    public void APeriod_EndsWithTheStepsThatFillIt()
    {
        Assert.Equal([3, 7, 11], Ends(Duration.Steps(4)));
        Assert.Equal([4, 9], Ends(Duration.Epochs(1)));
        Assert.Equal([2, 4, 7, 9], Ends(Duration.Epochs(0.5)));
        Assert.Equal([5, 11], Ends(Duration.Share(0.5)));
        Assert.Equal(Enumerable.Range(0, 12), Ends(Duration.Share(0.01)));

        static IEnumerable<int> Ends(Duration period) => Enumerable.Range(0, 12).Where(step => period.EndsWith(new SchedulePoint(step, 12, 5)));
    }

    [Fact]
    public void APlateau_CountsFromTheLastBetterEpoch_AndStopsAtTheMinimum()
    {
        ReduceOnPlateau plateau = new(0.5, patience: 1, threshold: 0.1, cooldown: 1, minimum: 0.2) { Monitor = Metric.R2 };
        PlateauState state = new(plateau);

        // Better by more than a tenth of the best's magnitude; NaN and what is undefined are not better, nor is what only equals.
        double?[] values = [null, double.NaN, -1, -0.95, -0.85, -0.85, -0.8, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3];
        double[] factors = [1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2];
        Assert.All(values.Zip(factors), epoch =>
        {
            state.See(epoch.First);
            Assert.Equal(epoch.Second, state.Factor);
        });

    }

    [Fact]
    public void APlateausThreshold_IsAShareOfTheBest()
    {
        PlateauState state = new(new ReduceOnPlateau(0.5, patience: 0, threshold: 0.1));

        state.See(0.01);
        state.See(0.0095);
        Assert.Equal(0.5, state.Factor);

        state.See(0.0089);
        Assert.Equal(0.5, state.Factor);
    }

    /// <summary>Wherever a run was interrupted.</summary>
    [Fact]
    public void APlateau_GoesOnFromWhatWasSaved()
    {
        ReduceOnPlateau plateau = new(0.5, patience: 1, cooldown: 2);
        double[] values = [3, 3, 3, 2, 2, 2, 2, 1, 5, 5, 5, 5, 5, 5, 0, 0, 0];
        for (int interruption = 0; interruption < values.Length; interruption++)
        {
            PlateauState whole = new(plateau), first = new(plateau), second = new(plateau);
            for (int epoch = 0; epoch < values.Length; epoch++)
            {
                if (epoch == interruption)
                {
                    PartState saved = new();
                    first.Save(saved);
                    second.Restore(saved);
                }

                whole.See(values[epoch]);
                (epoch < interruption ? first : second).See(values[epoch]);
            }

            Assert.Equal(whole.Factor, second.Factor);
            Assert.Equal(0.0625, whole.Factor);
        }
    }

    [Fact]
    public void Factors_AllocateNothing()
    {
        Schedule[] schedules = [.. Formulas().Select(static row => Warm((Schedule)row[0], Duration.Share(0.1)))];
        Sum();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Sum();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Sum()
        {
            double sum = 0;
            foreach (Schedule schedule in schedules)
            {
                for (int step = 0; step < 100; step++)
                {
                    sum += schedule.FactorAt(new SchedulePoint(step, 100, 7));
                }
            }

            Assert.True(sum > 0);
        }
    }

    private static Duration[] Durations => [Duration.Epochs(0.25), Duration.Share(0.07), Duration.Share(1)];

    /// <summary>The same schedule behind a warm-up.</summary>
    private static Schedule Warm(Schedule schedule, Duration warmUp) => schedule switch
    {
        StepDecay step => new StepDecay(step.Every, step.DecayFactor) { WarmUp = warmUp },
        ExponentialDecay exponential => new ExponentialDecay(exponential.Rate, exponential.Per) { WarmUp = warmUp },
        InverseTimeDecay inverse => new InverseTimeDecay(inverse.Rate, inverse.Per) { WarmUp = warmUp },
        PolynomialDecay polynomial => new PolynomialDecay(polynomial.Power, polynomial.Minimum) { WarmUp = warmUp },
        CosineDecay cosine => new CosineDecay(cosine.Minimum) { Restart = cosine.Restart, RestartFactor = cosine.RestartFactor, WarmUp = warmUp },
        OneCycle cycle => new OneCycle(cycle.WarmShare, cycle.Div, cycle.FinalDiv, cycle.Linear) { WarmUp = warmUp },
        FlatCosine flat => new FlatCosine(flat.FlatShare) { WarmUp = warmUp },
        ReduceOnPlateau => new ReduceOnPlateau { WarmUp = warmUp },
        CustomSchedule custom => Schedule.From(custom.FactorAt, warmUp),
        _ => throw new NotSupportedException(),
    };

    private sealed class HalfSchedule : Schedule
    {
        protected override double Factor(SchedulePoint point) => 0.5;
    }
}
