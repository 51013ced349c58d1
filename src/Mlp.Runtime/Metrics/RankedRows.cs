namespace Mlp;

/// <summary>Rows in the order of one output, and how well it ranks those whose answer is yes before the others.</summary>
/// <remarks>
/// The area under the ROC curve is the probability that a row of yes has a higher score than one of no, where equal scores count half (Hanley and McNeil,
/// 1982). Average precision is <c>Σ (Rᵢ − Rᵢ₋₁)·Pᵢ</c> over the distinct scores from the highest on. Both are NaN where a score is.
/// </remarks>
internal readonly ref struct RankedRows
{
    private readonly Predictions _predictions;
    private readonly int _output;
    private readonly ReadOnlySpan<float> _scores;
    private readonly ReadOnlySpan<int> _rows;
    private readonly bool _hasNaN;
    private readonly double _yes;
    private readonly double _no;

    /// <summary>Orders the rows that count, from the highest score to the lowest.</summary>
    /// <param name="predictions">The rows.</param>
    /// <param name="output">The output, from 0. Of classes that exclude each other, its class is the yes.</param>
    /// <param name="buffers">In use as long as this object.</param>
    public RankedRows(in Predictions predictions, int output, RankingBuffers buffers)
    {
        _predictions = predictions;
        _output = output;
        _scores = buffers.ScoresOf(predictions, output);
        Span<int> rows = buffers.Rows;
        int count = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                rows[count++] = row;
                _hasNaN |= float.IsNaN(_scores[row]);
                if (IsYes(row))
                {
                    _yes += weight;
                }
                else
                {
                    _no += weight;
                }
            }
        }

        _rows = rows[..count];
        if (!_hasNaN)
        {
            new ScoreOrder(_scores).Sort(rows[..count]);
        }
    }

    /// <summary>Area under the ROC curve; null where all answers are yes, or none is.</summary>
    public double? RocAuc() => Judge(ofYes: true, curve: null).RocAuc;

    /// <summary>Average precision; null where no answer is yes.</summary>
    public double? AveragePrecision() => Judge(ofYes: true, curve: null).AveragePrecision;

    /// <summary>Goes through the scores from the surest yes, or the surest no, to the other end.</summary>
    /// <param name="ofYes">Whether rows of yes are to be found, or those of no, whose scores are then 1 − p, or −y with Hinge.</param>
    /// <param name="curve">Receives the counts at the distinct scores; may be null.</param>
    /// <returns>The area under the ROC curve and average precision.</returns>
    public (double? RocAuc, double? AveragePrecision) Judge(bool ofYes, ThresholdCurve? curve)
    {
        if (_hasNaN)
        {
            return (double.NaN, double.NaN);
        }

        (double positives, double negatives) = ofYes ? (_yes, _no) : (_no, _yes);
        curve?.Begin(positives, negatives);
        double right = 0, wrong = 0, pairs = 0, precision = 0;
        for (int start = 0, end; start < _rows.Length; start = end)
        {
            float score = _scores[At(start, ofYes)];
            double equalRight = 0, equalWrong = 0;
            for (end = start; end < _rows.Length && _scores[At(end, ofYes)] == score; end++)
            {
                int row = At(end, ofYes);
                if (IsYes(row) == ofYes)
                {
                    equalRight += _predictions.Weight(row);
                }
                else
                {
                    equalWrong += _predictions.Weight(row);
                }
            }

            pairs += equalWrong * (right + (0.5 * equalRight));
            right += equalRight;
            wrong += equalWrong;
            precision += equalRight * (right / (right + wrong));
            curve?.Add(ofYes ? score : _predictions.Loss == LossFunction.Hinge ? -score : 1.0 - score, right, wrong);
        }

        curve?.End();
        return (positives > 0 && negatives > 0 ? pairs / (positives * negatives) : null, positives > 0 ? precision / positives : null);
    }

    private int At(int place, bool ofYes) => _rows[ofYes ? place : _rows.Length - 1 - place];

    private bool IsYes(int row) => _predictions.Kind == OutputKinds.Classes ? _predictions.TrueClass(row) == _output : _predictions.IsYes(row, _output);
}
