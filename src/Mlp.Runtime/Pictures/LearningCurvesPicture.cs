namespace Mlp;

/// <summary>Loss, accuracy and learning rate over the epochs of a run.</summary>
internal static class LearningCurvesPicture
{
    private const int Training = 0;
    private const int Validation = 1;
    private const int BestMark = 3;
    private const int Rate = 4;

    private const string NoEpochs = "No epoch was completed.";

    /// <summary>Losses further apart than this ratio are drawn on a logarithmic axis.</summary>
    private const double LargestLinearRatio = 100;

    public static SvgPicture Draw(TrainingHistory history, string title)
    {
        IReadOnlyList<EpochResult> epochs = history.Epochs;
        EpochResult? best = Best(history);
        SvgPicture picture = new(title) { Description = Description(history, best) };
        if (epochs.Count == 0)
        {
            picture.Note(NoEpochs);
            return picture;
        }

        DrawLegend(picture, epochs, best);
        double[] numbers = Values(epochs, static epoch => epoch.Epoch);
        double[] rates = Values(epochs, static epoch => epoch.LearningRate);
        bool drawsRate = rates.Any(rate => double.IsFinite(rate) && rate != rates[0]);
        bool drawsAccuracy = epochs.Any(static epoch => epoch.Accuracy is not null || epoch.ValidationAccuracy is not null);
        Axis x = Axis.Whole(epochs[0].Epoch, epochs[^1].Epoch, 12);

        double[] loss = Values(epochs, static epoch => epoch.Loss);
        double[] validationLoss = Values(epochs, static epoch => epoch.ValidationLoss);
        Axis lossAxis = LossAxis([.. loss.Concat(validationLoss).Where(double.IsFinite)]);
        Plot plot = Begin(picture, lossAxis.IsLogarithmic ? "loss (logarithmic)" : "loss", 200, x, lossAxis, labelsX: !drawsAccuracy && !drawsRate);
        DrawCurves(picture, plot, numbers, loss, validationLoss, best);
        if (best?.ValidationLoss is double bestLoss && plot.Shows(best.Epoch, bestLoss))
        {
            Marks.Draw(picture, [(plot.X(best.Epoch), plot.Y(bestLoss))], BestMark, 11);
        }

        if (drawsAccuracy)
        {
            double[] accuracy = Values(epochs, static epoch => epoch.Accuracy);
            double[] validationAccuracy = Values(epochs, static epoch => epoch.ValidationAccuracy);
            plot = Begin(picture, "accuracy", 120, x, Axis.Linear([.. accuracy, .. validationAccuracy, 0.9, 1], 4), labelsX: !drawsRate);
            DrawCurves(picture, plot, numbers, accuracy, validationAccuracy, best);
        }

        if (drawsRate)
        {
            plot = Begin(picture, "learning rate", 60, x, Axis.Linear(rates, 2, fromZero: true), labelsX: true);
            plot.Curve(numbers, rates, PictureStyle.Line(Rate));
            plot.Frame();
        }

        picture.Bottom += 34;
        picture.Text(SvgPicture.Width - SvgPicture.Margin, picture.Bottom, "epoch", "muted end");
        return picture;
    }

    private static void DrawLegend(SvgPicture picture, IReadOnlyList<EpochResult> epochs, EpochResult? best)
    {
        Legend legend = new Legend().Line("training", PictureStyle.Line(Training));
        if (epochs.Any(static epoch => epoch.ValidationLoss is not null))
        {
            legend.Line("validation", PictureStyle.Line(Validation));
        }

        if (best is not null)
        {
            legend.Mark($"best: epoch {PictureText.Count(best.Epoch)}, loss {PictureText.Number(best.ValidationLoss!.Value)}", BestMark);
        }

        legend.Draw(picture);
    }

    /// <summary>From 0 where losses come near it; logarithmic where that would hide the smaller ones.</summary>
    private static Axis LossAxis(double[] losses)
    {
        double least = losses.Length > 0 ? losses.Min() : 0, most = losses.Length > 0 ? losses.Max() : 1;
        return least > 0 && most / least > LargestLinearRatio
            ? Axis.Logarithmic(losses)
            : Axis.Linear(losses, 5, fromZero: least >= 0 && least < 0.4 * most);
    }

    private static Plot Begin(SvgPicture picture, string title, double height, Axis x, Axis y, bool labelsX)
    {
        double left = SvgPicture.Margin + Plot.LabelWidth;
        picture.Text(left, picture.Bottom + 18, title, "strong");
        Area area = new(left, picture.Bottom + 25, SvgPicture.Width - SvgPicture.Margin - left - 4, height);
        picture.Bottom = area.Bottom;
        return new(picture, area, x, y, labelsX);
    }

    private static void DrawCurves(SvgPicture picture, Plot plot, double[] epochs, double[] training, double[] validation, EpochResult? best)
    {
        if (best is not null)
        {
            double x = plot.X(best.Epoch);
            picture.Line(x, plot.Area.Top, x, plot.Area.Bottom, "guide");
        }

        plot.Curve(epochs, training, PictureStyle.Line(Training));
        plot.Curve(epochs, validation, PictureStyle.Line(Validation));
        plot.Frame();
    }

    private static EpochResult? Best(TrainingHistory history) =>
        history.BestEpoch is int best ? history.Epochs.FirstOrDefault(epoch => epoch.Epoch == best && epoch.ValidationLoss is not null) : null;

    private static string Description(TrainingHistory history, EpochResult? best)
    {
        if (history.Epochs.Count == 0)
        {
            return NoEpochs;
        }

        EpochResult first = history.Epochs[0], last = history.Epochs[^1];
        string text = $"{PictureText.Counted(history.Epochs.Count, "epoch")}. Training loss {FromTo(first.Loss, last.Loss)}";
        text += first.ValidationLoss is double from && last.ValidationLoss is double to ? $", validation loss {FromTo(from, to)}." : ".";
        text += last.ValidationAccuracy is double accuracy ? $" Validation accuracy at the end {PictureText.Percent(accuracy)}." : "";
        text += best is not null
            ? $" The best epoch is {PictureText.Count(best.Epoch)}, with a validation loss of {PictureText.Number(best.ValidationLoss!.Value)}."
            : "";
        double highest = history.Epochs.Max(static epoch => epoch.LearningRate);
        return history.Epochs.All(epoch => epoch.LearningRate == first.LearningRate)
            ? text
            : $"{text} The learning rate goes {FromTo(first.LearningRate, last.LearningRate)}, and is {PictureText.Number(highest)} at most.";

        static string FromTo(double from, double to) => $"from {PictureText.Number(from)} to {PictureText.Number(to)}";
    }

    private static double[] Values(IReadOnlyList<EpochResult> epochs, Func<EpochResult, double?> value) =>
        [.. epochs.Select(epoch => value(epoch) ?? double.NaN)];
}
