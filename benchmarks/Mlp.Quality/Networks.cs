namespace Mlp.Quality;

[Input(30, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class BreastCancer;

[Input(13, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Wine;

[Input(64, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Digits;

[Input(10, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class Diabetes;

[Input(30, Standardize = true), Ensemble(4), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class BreastCancer4;

[Input(30, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class BreastCancer8;

[Input(30, Standardize = true), Ensemble(16), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class BreastCancer16;

[Input(13, Standardize = true), Ensemble(4), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Wine4;

[Input(13, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Wine8;

[Input(13, Standardize = true), Ensemble(16), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Wine16;

[Input(10, Standardize = true), Ensemble(4), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class Diabetes4;

[Input(10, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class Diabetes8;

[Input(10, Standardize = true), Ensemble(16), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class Diabetes16;

[Input(64, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Digits8;

// Members share the layers, which can spare less: as in Mlp.Tables.
[Input(30, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class BreastCancerLight;

[Input(13, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class WineLight;

[Input(64, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class DigitsLight;

[Input(10, Standardize = true), Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class DiabetesLight;
