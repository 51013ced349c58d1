namespace Mlp;

/// <summary>How a numeric column is brought to the size that networks learn well from. Statistics are those of the present values of the fitted rows.</summary>
public enum Scale
{
    /// <summary>(x − mean) ÷ deviation, that of the population. A column that never varies is centred and not scaled.</summary>
    Standard,

    /// <summary>The number as it is.</summary>
    None,

    /// <summary>(x − least) ÷ (greatest − least), so that fitted values lie in [0, 1]. A column that never varies is 0.</summary>
    MinMax,

    /// <summary>(x − median) ÷ (third quartile − first quartile), which outliers hardly move. Where the quartiles are equal it is centred and not scaled.</summary>
    Robust,
}
