namespace Mlp;

/// <summary>What happens to a dense layer's sums before its activation.</summary>
public enum Normalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Each row is centred and scaled by the mean and population deviation of its own sums, then multiplied by a learned gain and moved by a
    /// learned shift for each unit. Ba, Kiros and Hinton (2016).
    /// </summary>
    Layer,

    /// <summary>
    /// Each unit is centred and scaled by its mean and population deviation over the mini-batch, then multiplied by a learned gain and moved by a
    /// learned shift. Prediction and evaluation use running statistics of the training batches instead, which are saved with the
    /// parameters. Ioffe and Szegedy (2015).
    /// </summary>
    Batch,
}
