namespace Mlp;

/// <summary>The rows of a data set, the same for every network.</summary>
/// <typeparam name="TNet">The network's class.</typeparam>
/// <param name="data">The data set.</param>
internal sealed class FoldDataset<TNet>(Dataset data) : FoldData<TNet>(data) where TNet : class, INetwork<TNet>
{
    public override FoldData<TNet> Select(int[] rows) => new FoldDataset<TNet>(Keys.Select(rows));

    public override void FitTo(TNet network)
    {
    }

    public override Dataset EncodedBy(TNet network) => Keys;
}
