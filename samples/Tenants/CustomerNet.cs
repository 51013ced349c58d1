using System.Text;
using Mlp;

namespace Tenants;

/// <summary>What one customer's visitors will do: 161 parameters of their own.</summary>
[Input(8)]
[Dense(16, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
internal sealed partial class CustomerNet
{
    /// <summary>The network that a customer begins with: the same on every silo.</summary>
    /// <param name="customer">The customer's key.</param>
    public static CustomerNet For(string customer)
    {
        // FNV-1a: a string's own hash differs from process to process.
        uint hash = 2166136261;
        foreach (byte part in Encoding.UTF8.GetBytes(customer))
        {
            hash = (hash ^ part) * 16777619;
        }

        return new CustomerNet((int)(hash & int.MaxValue));
    }

    /// <summary>A network of the bytes that <see cref="Bytes"/> gave.</summary>
    public static CustomerNet Of(byte[] bytes)
    {
        using MemoryStream stream = new(bytes, writable: false);
        return Load(stream);
    }

    /// <summary>The network as a file's bytes.</summary>
    public byte[] Bytes()
    {
        using MemoryStream stream = new();
        Save(stream);
        return stream.ToArray();
    }

    /// <summary>One step on a batch of visits. Plain descent has no state beside the parameters, so that the file is all there is of a network.</summary>
    public void Learn(Visits visits) => TrainStep(visits.Inputs, visits.Outcomes, Rule);

    private static readonly Sgd Rule = new(0.05f);
}
