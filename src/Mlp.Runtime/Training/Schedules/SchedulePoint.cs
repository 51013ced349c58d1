namespace Mlp;

/// <summary>Where in a run a step is.</summary>
/// <param name="Step">The step's number, from 0. A loop of one's own may go on beyond the last.</param>
/// <param name="TotalSteps">Steps of the whole run; for a loop without an end, any number.</param>
/// <param name="StepsPerEpoch">Steps that one time through the data takes, each of <see cref="TrainingOptions.AccumulationSteps"/> mini-batches.</param>
public readonly record struct SchedulePoint(long Step, long TotalSteps, int StepsPerEpoch);
