namespace Mlp;

/// <summary>What <see cref="ReduceOnPlateau"/> has seen of a run.</summary>
/// <param name="plateau">Its rules.</param>
internal sealed class PlateauState(ReduceOnPlateau plateau) : IRunPart
{
    private const string FactorKey = "factor";
    private const string BestKey = "best";
    private const string BadEpochsKey = "bad_epochs";
    private const string CooldownKey = "cooldown";

    private double? _best;
    private int _badEpochs;
    private int _cooldownLeft;

    /// <inheritdoc/>
    public string Name => "plateau";

    /// <summary>The factor at present, warm-up apart.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>Looks at an epoch.</summary>
    /// <param name="value">What is watched; null or NaN where it is not defined, which is never better.</param>
    public void See(double? value)
    {
        if (value is double seen && IsBetter(seen))
        {
            _best = seen;
            _badEpochs = 0;
        }
        else
        {
            _badEpochs++;
        }

        if (_cooldownLeft > 0)
        {
            _cooldownLeft--;
            _badEpochs = 0;
        }

        if (_badEpochs > plateau.Patience)
        {
            Factor = Math.Max(Factor * plateau.DropFactor, plateau.Minimum);
            _cooldownLeft = plateau.Cooldown;
            _badEpochs = 0;
        }
    }

    /// <inheritdoc/>
    public void Save(PartState state)
    {
        state.Set(FactorKey, Factor);
        if (_best is double best)
        {
            state.Set(BestKey, best);
        }

        state.Set(BadEpochsKey, _badEpochs);
        state.Set(CooldownKey, _cooldownLeft);
    }

    /// <inheritdoc/>
    public void Restore(PartState state)
    {
        Factor = state.Number(FactorKey);
        _best = state.Numbers.ContainsKey(BestKey) ? state.Number(BestKey) : null;
        _badEpochs = (int)state.Number(BadEpochsKey);
        _cooldownLeft = (int)state.Number(CooldownKey);
    }

    private bool IsBetter(double value)
    {
        if (_best is not double best)
        {
            return !double.IsNaN(value);
        }

        double margin = double.IsFinite(best) ? plateau.Threshold * Math.Abs(best) : 0;
        return plateau.Monitor.HigherIsBetter ? value > best + margin : value < best - margin;
    }
}
