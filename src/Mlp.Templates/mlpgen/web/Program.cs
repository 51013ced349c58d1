// "dotnet run -- train" trains and saves the network; "dotnet run" serves it, and takes it anew when the file changes.
using Mlp.Hosting;
using MlpGenApp;

const string file = "failures.safetensors";
if (args is ["train"])
{
    Training.Run(file);
    return;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default));
builder.Services.AddNetwork<FailureNet>(file, reloadOnChange: true);
builder.Services.AddHealthChecks().AddNetwork<FailureNet>();

WebApplication app = builder.Build();
app.MapPost("/predict", static float (Reading reading, INetworkProvider<FailureNet> networks) => networks.Current.Predict(reading));
app.MapHealthChecks("/health");
app.Run();
