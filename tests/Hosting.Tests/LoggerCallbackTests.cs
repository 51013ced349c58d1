using System.Globalization;
using Microsoft.Extensions.Logging;
using Mlp;
using Mlp.Hosting;

namespace Hosting.Tests;

/// <summary>Training runs in an application's log.</summary>
public sealed class LoggerCallbackTests
{
    [Fact]
    public void ARun_IsLoggedWithValues_AndWithoutThoseThatItDoesNotHave()
    {
        using KeptLog log = new();
        ServedNet network = new(seed: 1);
        Dataset data = Dataset.FromTargets(new float[30], new float[40], ServedNet.InputSize, ServedNet.OutputSize);
        TrainingHistory history = network.Train(data, new TrainingOptions { Epochs = 2, Callbacks = [new LoggerCallback(log)] });

        (LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> Values)[] entries = [.. log.Entries];
        Assert.Equal(4, entries.Length);
        Assert.All(entries, static entry => Assert.Equal(LogLevel.Information, entry.Level));
        Assert.All(entries, static entry => Assert.Contains("ServedNet", entry.Text, StringComparison.Ordinal));
        Assert.Equal(history.Epochs[1].Loss, entries[2].Values.Single(static value => value.Key == "Loss").Value);
        Assert.Contains(history.Epochs[1].Loss.ToString(CultureInfo.InvariantCulture), entries[2].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(entries[2].Values, static value => value.Key.Contains("Accuracy", StringComparison.Ordinal));
        Assert.Contains("Completed", entries[3].Text, StringComparison.OrdinalIgnoreCase);
        Assert.Throws<ArgumentNullException>(() => new LoggerCallback(null!));
    }
}
