namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Errors in units of the last place of the exact result in single precision.</summary>
internal static class Ulps
{
    public static (double Error, float Where) Worst<F>(float[] inputs, float[] outputs) where F : struct, IVectorFunction
    {
        double worst = 0;
        float where = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            double error = Error(outputs[i], F.Reference(inputs[i]));
            if (!(error <= worst) && !float.IsNaN(inputs[i]))
            {
                (worst, where) = (error, inputs[i]);
            }
        }

        return (worst, where);
    }

    /// <summary>0 where the value is the reference rounded; infinite where only one is NaN or out of range.</summary>
    public static double Error(float value, double reference)
    {
        if ((float)reference == value || (double.IsNaN(reference) && float.IsNaN(value)))
        {
            // Within half a unit; the exact share counts all the same.
            return double.IsFinite(reference) && float.IsFinite(value) ? Math.Abs(value - reference) / Unit(reference) : 0;
        }

        double error = Math.Abs(value - reference) / Unit(reference);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static double Unit(double reference)
    {
        const int SmallestExponent = -126;
        int exponent = reference == 0 ? SmallestExponent : Math.Max(Math.ILogB(reference), SmallestExponent);
        return Math.ScaleB(1.0, exponent - 23);
    }
}
