namespace Mlp.Quality;

[Input(30, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class BreastCancer;

[Input(13, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Wine;

[Input(64, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Digits;

[Input(10, Standardize = true), Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class Diabetes;
