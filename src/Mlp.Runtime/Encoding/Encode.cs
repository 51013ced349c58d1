using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mlp.CompilerServices;

/// <summary>How values become inputs. Generated encoders call it, and vouch for the memory behind the references. Nothing allocates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Encode
{
    private const int DaysOfWeek = 7;
    private const double DaysOfYear = 365.25;

    /// <summary>A number in double precision, exactly.</summary>
    /// <param name="x">The number.</param>
    /// <remarks>
    /// A plain conversion keeps the upper half of its register, so that each column would wait for the one before it: ten took three times as long.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widened(float x) => Vector128.WidenLower(Vector128.CreateScalar(x)).ToScalar();

    /// <summary>1 at a slot, 0 at all others.</summary>
    /// <param name="slot">The slot, below <paramref name="width"/>; −1 for none.</param>
    /// <param name="width">Number of slots.</param>
    /// <param name="first">The first of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OneHot(int slot, int width, ref float first)
    {
        for (int i = 0; i < width; i++)
        {
            Unsafe.Add(ref first, i) = i == slot ? 1f : 0f;
        }
    }

    /// <summary>sign(x)·ln(1 + |x|).</summary>
    /// <param name="x">Any value.</param>
    /// <returns>The logarithm, within a few units in the last place; NaN for NaN.</returns>
    public static double SignedLog(double x)
    {
        // ln(1 + a) as ln(u)·a/(u − 1), where u is 1 + a as it was rounded: what the rounding lost cancels.
        double a = Math.Abs(x);
        double u = 1 + a;
        double logarithm = u - 1 is double rounded and not 0 && double.IsFinite(u) ? ScalarMath.Log(u) * (a / rounded) : a;
        return x < 0 ? -logarithm : logarithm;
    }

    /// <summary>A number by the bins that it lies in: input t is 0 below bin t, 1 above it, and grows linearly within.</summary>
    /// <param name="x">The number.</param>
    /// <param name="edges">The bins' edges, ascending: one more than there are bins.</param>
    /// <param name="first">The first of as many inputs as there are bins.</param>
    /// <remarks>
    /// Gorishniy, Rubachev and Babenko, "On embeddings for numerical features in tabular deep learning" (2022), section 3.1, but held at 0 and 1 beyond the
    /// outer edges. A bin between equal edges is a step: 1 from there on.
    /// </remarks>
    public static void PiecewiseLinear(double x, ReadOnlySpan<double> edges, ref float first)
    {
        for (int bin = 0; bin < edges.Length - 1; bin++)
        {
            double low = edges[bin];
            double high = edges[bin + 1];
            Unsafe.Add(ref first, bin) = x >= high ? 1f : x <= low ? 0f : (float)((x - low) / (high - low));
        }
    }

    /// <summary>Sine and cosine of the time of the day.</summary>
    /// <param name="ticks">A point in time, or <see cref="RecordReading.NoInstant"/>, which becomes zeros.</param>
    /// <param name="first">The first of two inputs.</param>
    public static void Hour(long ticks, ref float first) =>
        Cycle(ticks, (double)(ticks % TimeSpan.TicksPerDay) / TimeSpan.TicksPerDay, ref first);

    /// <summary>Sine and cosine of the day of the week, of 7; Monday is 0.</summary>
    /// <inheritdoc cref="Hour"/>
    public static void DayOfWeek(long ticks, ref float first) =>
        Cycle(ticks, (double)(ticks / TimeSpan.TicksPerDay % DaysOfWeek) / DaysOfWeek, ref first); // 1 January of the year 1, day 0, was a Monday.

    /// <summary>Sine and cosine of the day of the year, of 365.25; 1 January is 0.</summary>
    /// <inheritdoc cref="Hour"/>
    public static void DayOfYear(long ticks, ref float first) =>
        Cycle(ticks, ticks < 0 ? 0 : (new DateTime(ticks).DayOfYear - 1) / DaysOfYear, ref first);

    private static void Cycle(long ticks, double phase, ref float first)
    {
        bool exists = ticks != RecordReading.NoInstant;
        double angle = 2 * Math.PI * phase;
        first = exists ? (float)ScalarMath.Sin(angle) : 0;
        Unsafe.Add(ref first, 1) = exists ? (float)ScalarMath.Cos(angle) : 0;
    }
}
