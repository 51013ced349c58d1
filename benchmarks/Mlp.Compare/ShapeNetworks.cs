// Networks of other shapes than the peers are measured with, to find cliffs: a shape at under half the fraction of the peak
// that its neighbours reach.
namespace Mlp.Compare.Shapes;

[Input(16), Dense(16, Relu), Dense(16, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width16 : INetwork;

[Input(17), Dense(17, Relu), Dense(17, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width17 : INetwork;

[Input(32), Dense(32, Relu), Dense(32, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width32 : INetwork;

[Input(33), Dense(33, Relu), Dense(33, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width33 : INetwork;

[Input(64), Dense(64, Relu), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width64 : INetwork;

[Input(65), Dense(65, Relu), Dense(65, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width65 : INetwork;

[Input(128), Dense(128, Relu), Dense(128, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width128 : INetwork;

[Input(129), Dense(129, Relu), Dense(129, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width129 : INetwork;

[Input(200), Dense(200, Relu), Dense(200, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width200 : INetwork;

[Input(255), Dense(255, Relu), Dense(255, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width255 : INetwork;

[Input(256), Dense(256, Relu), Dense(256, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width256 : INetwork;

[Input(400), Dense(400, Relu), Dense(400, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Width400 : INetwork;

[Input(64), Dense(64, Relu), Dense(1, Sigmoid), Loss(BCE)]
internal partial class Outputs1 : INetwork;

[Input(64), Dense(64, Relu), Dense(2, Softmax), Loss(CrossEntropy)]
internal partial class Outputs2 : INetwork;

[Input(64), Dense(64, Relu), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Outputs3 : INetwork;

[Input(64), Dense(64, Relu), Dense(5, Softmax), Loss(CrossEntropy)]
internal partial class Outputs5 : INetwork;

[Input(64), Dense(64, Relu), Dense(7, Softmax), Loss(CrossEntropy)]
internal partial class Outputs7 : INetwork;

[Input(64), Dense(64, Relu), Dense(8, Softmax), Loss(CrossEntropy)]
internal partial class Outputs8 : INetwork;

[Input(64), Dense(64, Relu), Dense(9, Softmax), Loss(CrossEntropy)]
internal partial class Outputs9 : INetwork;

[Input(64), Dense(64, Relu), Dense(15, Softmax), Loss(CrossEntropy)]
internal partial class Outputs15 : INetwork;

[Input(64), Dense(64, Relu), Dense(16, Softmax), Loss(CrossEntropy)]
internal partial class Outputs16 : INetwork;

[Input(64), Dense(64, Relu), Dense(17, Softmax), Loss(CrossEntropy)]
internal partial class Outputs17 : INetwork;

[Input(64), Dense(64, Relu), Dense(31, Softmax), Loss(CrossEntropy)]
internal partial class Outputs31 : INetwork;

[Input(64), Dense(64, Relu), Dense(33, Softmax), Loss(CrossEntropy)]
internal partial class Outputs33 : INetwork;

[Input(64), Dense(64, Relu), Dense(100, Softmax), Loss(CrossEntropy)]
internal partial class Outputs100 : INetwork;

[Input(1), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs1 : INetwork;

[Input(2), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs2 : INetwork;

[Input(3), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs3 : INetwork;

[Input(5), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs5 : INetwork;

[Input(9), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs9 : INetwork;

[Input(31), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs31 : INetwork;

[Input(500), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs500 : INetwork;

[Input(785), Dense(64, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Inputs785 : INetwork;

[Input(100), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Depth1 : INetwork;

[Input(100), Dense(100, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Depth2 : INetwork;

[Input(100), Dense(100, Relu), Dense(100, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Depth3 : INetwork;

[Input(100), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Depth4 : INetwork;

[Input(100), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Depth5 : INetwork;

[Input(100), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(10, Softmax),
    Loss(CrossEntropy)]
internal partial class Depth6 : INetwork;

[Input(100), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(10,
    Softmax), Loss(CrossEntropy)]
internal partial class Depth7 : INetwork;

[Input(100), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu), Dense(100, Relu),
    Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Depth8 : INetwork;

[Input(12), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Slim1 : INetwork;

[Input(12), Dense(12, Relu), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Slim2 : INetwork;

[Input(12), Dense(12, Relu), Dense(12, Relu), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Slim3 : INetwork;

[Input(12), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Slim4 : INetwork;

[Input(12), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Slim5 : INetwork;

[Input(12), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(3, Softmax), Loss(CrossEntropy)]
internal partial class Slim6 : INetwork;

[Input(12), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(3, Softmax),
    Loss(CrossEntropy)]
internal partial class Slim7 : INetwork;

[Input(12), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(12, Relu), Dense(3,
    Softmax), Loss(CrossEntropy)]
internal partial class Slim8 : INetwork;
