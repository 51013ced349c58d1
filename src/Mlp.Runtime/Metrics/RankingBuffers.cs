namespace Mlp;

/// <summary>
/// What ranking rows by one output after the other takes beside the outputs: twice the memory of one of them, or once where it is the only one.
/// </summary>
/// <param name="predictions">The rows.</param>
internal sealed class RankingBuffers(in Predictions predictions)
{
    private readonly float[] _scores = new float[predictions.OutputSize == 1 ? 0 : predictions.Count];

    /// <summary>Room for the numbers of the rows.</summary>
    public int[] Rows { get; } = new int[predictions.Count];

    /// <summary>The scores of an output beside each other, so that sorting them stays within the cache.</summary>
    public ReadOnlySpan<float> ScoresOf(in Predictions predictions, int output)
    {
        if (predictions.OutputSize == 1)
        {
            return predictions.Scores;
        }

        for (int row = 0; row < _scores.Length; row++)
        {
            _scores[row] = predictions.Scores[(row * predictions.OutputSize) + output];
        }

        return _scores;
    }
}
