namespace Mlp;

/// <summary>
/// Puts a trained network into the assembly: the class gets a static <c>Trained</c>, the shared, read-only network of a file that the build checks.
/// </summary>
/// <remarks>
/// The project names the file: <c>&lt;MlpWeights Include="circle.safetensors" /&gt;</c>, and the class <c>[Weights("circle.safetensors")]</c>. A file that
/// <c>Load</c> would refuse is an error of the build.
/// </remarks>
/// <param name="name">Name of the project's <c>MlpWeights</c> item, as it is written there; <c>/</c> and <c>\</c> are the same.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class WeightsAttribute(string name) : Attribute
{
    /// <summary>Name of the project's <c>MlpWeights</c> item.</summary>
    public string Name { get; } = name;
}
