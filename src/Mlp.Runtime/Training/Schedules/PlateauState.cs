namespace Mlp;

/// <summary>What <see cref="ReduceOnPlateau"/> has seen of a run.</summary>
/// <param name="plateau">Its rules.</param>
internal sealed class PlateauState(ReduceOnPlateau plateau)
{
    /// <summary>The factor at present, warm-up apart.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>The best value so far; null before the first.</summary>
    public double? Best { get; private set; }

    /// <summary>Bad epochs in a row.</summary>
    public int BadEpochs { get; private set; }

    /// <summary>Epochs of a cooldown that are left.</summary>
    public int CooldownLeft { get; private set; }

    /// <summary>Looks at an epoch.</summary>
    /// <param name="value">What is watched; null or NaN where it is not defined, which is never better.</param>
    public void See(double? value)
    {
        if (value is double seen && IsBetter(seen))
        {
            Best = seen;
            BadEpochs = 0;
        }
        else
        {
            BadEpochs++;
        }

        if (CooldownLeft > 0)
        {
            CooldownLeft--;
            BadEpochs = 0;
        }

        if (BadEpochs > plateau.Patience)
        {
            Factor = Math.Max(Factor * plateau.DropFactor, plateau.Minimum);
            CooldownLeft = plateau.Cooldown;
            BadEpochs = 0;
        }
    }

    /// <summary>Goes on from what another run had seen.</summary>
    public void Restore(double factor, double? best, int badEpochs, int cooldownLeft) =>
        (Factor, Best, BadEpochs, CooldownLeft) = (factor, best, badEpochs, cooldownLeft);

    private bool IsBetter(double value)
    {
        if (Best is not double best)
        {
            return !double.IsNaN(value);
        }

        double margin = plateau.Threshold * Math.Abs(best);
        return plateau.Monitor.HigherIsBetter ? value > best + margin : value < best - margin;
    }
}
