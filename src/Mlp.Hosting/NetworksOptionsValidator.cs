using Microsoft.Extensions.Options;

namespace Mlp.Hosting;

/// <summary>Refuses options by which no tenants can be served, when the application starts.</summary>
internal sealed class NetworksOptionsValidator<TKey, TNet> : IValidateOptions<NetworksOptions<TKey, TNet>>
    where TKey : notnull
    where TNet : class, INetwork<TNet>
{
    private const int LeastCapacity = 3;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, NetworksOptions<TKey, TNet> options)
    {
        ValidateOptionsResultBuilder result = new();
        string of = typeof(TNet).Name;
        if (options.Capacity < LeastCapacity)
        {
            result.AddError($"Capacity for networks {of} is {options.Capacity}; it must be at least {LeastCapacity}.");
        }

        if (options.IdleTime is { } idle && (idle < Shortest || idle > Longest))
        {
            result.AddError($"IdleTime of networks {of} is {idle}; it must be from {Shortest} to {Longest}, or null.");
        }

        return result.Build();
    }
}
