namespace Mlp.Tables;

[Input<Loan>, Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class LoanNet;

[Input<Loan>, Ensemble(4), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class LoanNet4;

[Input<Loan>, Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class LoanNet8;

[Input<Loan>, Ensemble(16), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class LoanNet16;

[Input<Subscriber>, Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)]
internal partial class SubscriberNet;

[Input<Subscriber>, Ensemble(4), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class SubscriberNet4;

[Input<Subscriber>, Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class SubscriberNet8;

[Input<Subscriber>, Ensemble(16), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1, Sigmoid), Loss(BCE)]
internal partial class SubscriberNet16;

[Input<Job>, Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(4, Softmax), Loss(CrossEntropy)]
internal partial class JobNet;

[Input<Job>, Ensemble(4), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(4, Softmax), Loss(CrossEntropy)]
internal partial class JobNet4;

[Input<Job>, Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(4, Softmax), Loss(CrossEntropy)]
internal partial class JobNet8;

[Input<Job>, Ensemble(16), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(4, Softmax), Loss(CrossEntropy)]
internal partial class JobNet16;

[Input<Day>, Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class DayNet;

[Input<Day>, Ensemble(4), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class DayNet4;

[Input<Day>, Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class DayNet8;

[Input<Day>, Ensemble(16), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class DayNet16;

[Input<House>, Dense(128, Relu), Dropout(0.2), Dense(128, Relu), Dropout(0.5), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class HouseNet;

[Input<House>, Ensemble(4), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class HouseNet4;

[Input<House>, Ensemble(8), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class HouseNet8;

[Input<House>, Ensemble(16), Dense(128, Relu), Dropout(0.1), Dense(128, Relu), Dropout(0.1), Dense(1), Loss(MSE, StandardizeTargets = true)]
internal partial class HouseNet16;
