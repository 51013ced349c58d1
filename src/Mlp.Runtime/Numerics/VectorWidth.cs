using System.ComponentModel;
using System.Runtime.Intrinsics;

namespace Mlp.CompilerServices;

/// <summary>The width of the vectors that generated kernels use on this machine. It changes their speed, never their results.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorWidth
{
    /// <summary>Name of the runtime option (128, 256 or 512) that overrides the choice, for tests and measurements.</summary>
    public const string OptionName = "MlpGen.VectorBitWidth";

    /// <summary>512, 256 or 128: the widest that the processor accelerates.</summary>
    public static int Bits { get; } = AppContext.GetData(OptionName) switch
    {
        null => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        "512" or 512 => 512,
        "256" or 256 => 256,
        "128" or 128 => 128,
        object other => throw new InvalidOperationException($"The runtime option {OptionName} is '{other}'; it can be 128, 256 or 512."),
    };
}
