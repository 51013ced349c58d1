using Microsoft.Extensions.Options;

namespace Mlp.Hosting;

/// <summary>Refuses options by which nothing can be served, when the application starts.</summary>
internal sealed class NetworkOptionsValidator<TNet> : IValidateOptions<NetworkOptions<TNet>> where TNet : class, INetwork<TNet>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, NetworkOptions<TNet> options)
    {
        ValidateOptionsResultBuilder result = new();
        string of = typeof(TNet).Name;
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            result.AddError($"The file of {of} is not named; AddNetwork takes its path.");
        }

        if (options.ReloadInterval < Shortest || options.ReloadInterval > Longest)
        {
            result.AddError($"ReloadInterval of {of} is {options.ReloadInterval}; it must be from {Shortest} to {Longest}.");
        }

        return result.Build();
    }
}
