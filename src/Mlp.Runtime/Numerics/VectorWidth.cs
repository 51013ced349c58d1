using System.ComponentModel;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>The width of the vectors that generated kernels use on this machine. It changes their speed, never their results.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorWidth
{
    /// <summary>Name of the runtime option (128, 256 or 512) that overrides the choice, for tests and measurements.</summary>
    public const string OptionName = "MlpGen.VectorBitWidth";

    /// <summary>
    /// 512, 256 or 128: the widest that .NET prefers on the processor. Where it prefers 256 bits although there are 512, the faster of the two in
    /// <see cref="WidthTrial"/>.
    /// </summary>
    public static int Bits { get; } = AppContext.GetData(OptionName) switch
    {
        null => Choose(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128, Avx512F.IsSupported, WidthTrial.WiderIsFaster),
        "512" or 512 => 512,
        "256" or 256 => 256,
        "128" or 128 => 128,
        object other => throw new InvalidOperationException($"The runtime option {OptionName} is '{other}'; it can be 128, 256 or 512."),
    };

    /// <summary>The width to use.</summary>
    /// <param name="preferred">That of .NET.</param>
    /// <param name="has512">Whether there are vectors of 512 bits at all.</param>
    /// <param name="widerIsFaster">Measures; called only where the answer counts.</param>
    internal static int Choose(int preferred, bool has512, Func<bool> widerIsFaster) => preferred == 256 && has512 && widerIsFaster() ? 512 : preferred;
}
