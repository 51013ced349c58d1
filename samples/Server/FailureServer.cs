using Mlp.Hosting;

namespace Server;

/// <summary>The web application: a reading in, a prediction out; a reading with its outcome in, and it is learned.</summary>
internal static class FailureServer
{
    /// <summary>Builds the application; it serves once it is started, and saves the network when it is stopped.</summary>
    /// <param name="args">The command line, with <c>--network FILE</c> for another place of the network's file.</param>
    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));
        string path = builder.Configuration["network"] ?? Path.Combine(Path.GetTempPath(), "mlpgen-server.safetensors");
        builder.Services.AddNetwork<FailureNet>(options =>
        {
            options.Path = path;
            options.Initial = Past.Network;
        });
        builder.Services.AddHealthChecks().AddNetwork<FailureNet>();
        builder.Services.AddSingleton<Learner>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<Learner>());
        WebApplication app = builder.Build();

        app.MapHealthChecks("/health");
        app.MapPost("/predict", static Answer (Reading reading, INetworkProvider<FailureNet> networks, Learner learner) =>
            new(networks.Current.Predict(reading), learner.Steps));
        app.MapPost("/learn", static (Reading reading, Learner learner) =>
            reading.Failed is null ? Results.BadRequest("Failed says whether the machine failed; without it there is nothing to learn.")
            : learner.TryLearn(reading) ? Results.Accepted()
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        return app;
    }
}
