using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Mlp;
using Server;

namespace Samples.Tests;

/// <summary>The sample's server, driven over HTTP as its clients would.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlpgen-server").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SixteenClients_AreAnswered_WhileItLearns_AndWhatItLearnedIsSaved()
    {
        string file = Path.Combine(_folder, "failures.safetensors");
        Reading[] readings = [.. Past.Readings(400, seed: 2)];
        long steps;
        await using (WebApplication app = FailureServer.Create(["--urls", "http://127.0.0.1:0", "--network", file]))
        {
            await app.StartAsync();
            using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
            Answer first = await Ask(client, readings[0]);

            await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
            {
                for (int i = number; i < readings.Length; i += 16)
                {
                    using HttpResponseMessage learned = await client.PostAsJsonAsync("/learn", readings[i], ServerJson.Default.Reading);
                    Assert.Equal(HttpStatusCode.Accepted, learned.StatusCode);
                    Answer answer = await Ask(client, readings[i] with { Failed = null });
                    Assert.InRange(answer.Probability, 0, 1);
                }
            }));

            // What is in the queue is learned by and by.
            Answer last = await Ask(client, readings[0]);
            for (int wait = 0; last.Steps == first.Steps && wait < 3_000; wait++)
            {
                await Task.Delay(10);
                last = await Ask(client, readings[0]);
            }

            Assert.NotEqual(first.Probability, last.Probability);
            steps = last.Steps;
            await app.StopAsync();
        }

        Assert.True(steps > 0);
        FailureNet saved = FailureNet.Load(file);
        Evaluation evaluation = saved.Evaluate(Past.Readings(1_000, seed: 3));
        Assert.True(evaluation.Accuracy > 0.75, $"{evaluation.Accuracy}");
    }

    [Fact]
    public async Task AnAnswer_HasTheBitsOfTheNetworkInTheFile_AndAReadingWithoutOutcomeIsNotLearned()
    {
        string file = Path.Combine(_folder, "failures.safetensors");
        FailureNet network = new(seed: 5);
        network.Train(Past.Readings(300, seed: 1), new TrainingOptions { Epochs = 2, Seed = 5 });
        network.Save(file);
        Reading asked = Past.Readings(1, seed: 4).Single() with { Failed = null, Site = "A town that nobody has seen" };

        await using WebApplication app = FailureServer.Create(["--urls", "http://127.0.0.1:0", "--network", file]);
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal(network.Predict(asked), (await Ask(client, asked)).Probability);
        using HttpResponseMessage refused = await client.PostAsJsonAsync("/learn", asked, ServerJson.Default.Reading);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await app.StopAsync();
    }

    private static async Task<Answer> Ask(HttpClient client, Reading reading)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", reading, ServerJson.Default.Reading);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Answer? answer = await response.Content.ReadFromJsonAsync(ServerJson.Default.Answer);
        Assert.NotNull(answer);
        return answer;
    }
}
