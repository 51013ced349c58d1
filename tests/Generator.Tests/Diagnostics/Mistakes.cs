namespace Generator.Tests.Diagnostics;

/// <summary>Wrong declarations, each with its diagnostics marked. The first part of a name is what a failing test is called by.</summary>
internal static class Mistakes
{
    public static readonly (string Name, string Source)[] All =
    [
        ("not partial", "[Input(2), Dense(1)] public class {|MLP0001:Net|};"),
        ("not partial, with members", "[Input(2), Dense(1)] public class {|MLP0001:Net|} { public Net(string s) { _ = s; } public void Save(string path) { } }"),
        ("container not partial", "public class {|MLP0002:Outer|} { [Input(2), Dense(1)] public partial class Net; }"),
        ("outer container not partial", "public struct {|MLP0002:A|} { public partial class B { [Input(2), Dense(1)] public partial class Net; } }"),
        ("generic", "[Input(2), Dense(1)] public partial class {|MLP0003:Net|}<T>;"),
        ("generic with a parameter like a member", "[Input(2), Dense(1)] public partial class {|MLP0003:Net|}<Threads, @class> where Threads : class;"),
        ("generic container", "public partial class {|MLP0003:Outer|}<T> { [Input(2), Dense(1)] public partial class Net; }"),
        ("static", "[Input(2), Dense(1)] public static partial class {|MLP0004:Net|};"),
        ("abstract", "[Input(2), Dense(1)] public abstract partial class {|MLP0005:Net|};"),
        ("record", "[Input(2), Dense(1)] public partial record {|MLP0006:Net|};"),
        ("record with parameters", "[Input(2), Dense(1)] public partial record {|MLP0006:Net|}(int Size);"),
        ("record with a parameter like a member", "[Input(2), Dense(1)] public partial record {|MLP0006:Net|}(int {|MLP0028:Threads|});"),
        ("sealed record with a copy constructor", "[Input(2), Dense(1)] public sealed partial record {|MLP0006:Net|} { private Net(Net other) { _ = other; } }"),
        ("record struct with parameters", "[Input(2), Dense(1)] public readonly partial record struct {|MLP0006:Net|}(int Size);"),
        ("record struct", "[Input(2), Dense(1)] public partial record struct {|MLP0006:Net|};"),
        ("struct", "[Input(2), Dense(1)] public partial struct {|MLP0007:Net|};"),
        ("ref struct", "[Input(2), Dense(1), Loss(MSE)] public readonly ref partial struct {|MLP0007:Net|};"),
        ("struct that is not partial", "[Input(2), Dense(1)] public struct {|MLP0001,MLP0007:Net|};"),
        ("interface", "[Input(2), Dense(1)] public partial interface {|MLP0007:INet|};"),
        ("file-local", "[Input(2), Dense(1)] file partial class {|MLP0008:Net|};"),
        ("file-local container", "file partial class {|MLP0008:Outer|} { [Input(2), Dense(1)] public partial class Net; }"),
        ("primary constructor", "[Input(2), Dense(1)] public partial class {|MLP0009:Net|}(int size) { public int Size => size; }"),
        ("several mistakes of form", "[Input(2), Dense(1)] public static class {|MLP0001,MLP0003,MLP0004:Net|}<T>;"),

        ("Dense without Input", "[{|MLP0010:Dense(1)|}] public partial class Net;"),
        ("Dropout without Input", "[{|MLP0010:Dropout(0.5)|}] public partial class Net;"),
        ("Loss without Input", "[{|MLP0010:Loss(MSE)|}] public partial class Net;"),
        ("several without Input", "[{|MLP0010:Dense(1)|}] [Loss(MSE)] public partial class Net;"),
        ("no Dense", "[{|MLP0011:Input(2)|}] public partial class Net;"),
        ("Loss and no Dense", "[{|MLP0011:Input(2)|}, Loss(BCE)] public partial class Net;"),
        ("BCE on Linear", "[Input(2), {|MLP0012:Dense(1)|}] [Loss(BCE)] public partial class Net;"),
        ("BCE on Softmax", "[Input(2), Dense(3, {|MLP0012:Softmax|})] [Loss(BCE)] public partial class Net;"),
        ("CrossEntropy on Sigmoid", "[Loss(CrossEntropy)] [Input(2), Dense(activation: {|MLP0013:Sigmoid|}, units: 3)] public partial class Net;"),
        ("layers on another declaration", """
            [Input(2)]
            [Dense(3, Relu)]
            public partial class Net;

            [{|MLP0014:Dense(1)|}, {|MLP0014:Dropout(0.5)|}]
            [{|MLP0014:Loss(MSE)|}]
            public partial class Net;
            """),

        ("no input", "[Input({|MLP0015:0|}), Dense(1)] public partial class Net;"),
        ("negative input", "[Input(size: {|MLP0015:-3|}), Dense(1)] public partial class Net;"),
        ("no unit", "[Input(2), Dense(3), Dense({|MLP0015:0|}, Relu), Dense(1)] public partial class Net;"),
        ("named units", "[Input(2), Dense(activation: Relu, units: {|MLP0015:int.MinValue|}), Dense(1)] public partial class Net;"),
        ("constant units", "[Input(2), Dense({|MLP0015:Net.Units|})] public partial class Net { public const int Units = 1 - 1; }"),
        ("too many inputs", "[Input({|MLP0016:65_537|}), Dense(1)] public partial class Net;"),
        ("too many units", "[Input(2), Dense({|MLP0016:int.MaxValue|}), Dense(1)] public partial class Net;"),
        ("too many parameters", "[Input(60_000), Dense({|MLP0017:60_000|}, Relu), Dense(60_000, Relu), Dense(1)] public partial class Net;"),
        ("Softmax before the output", "[Input(2), Dense(3, {|MLP0018:Softmax|}), Dense(1)] public partial class Net;"),
        ("Softmax of one", "[Input(2), Dense({|MLP0019:1|}, Softmax)] public partial class Net;"),

        ("dropout of all", "[Input(2), Dense(3), Dropout({|MLP0020:1|}), Dense(1)] public partial class Net;"),
        ("negative dropout", "[Input(2), Dense(3), Dropout(rate: {|MLP0020:-0.1|}), Dense(1)] public partial class Net;"),
        ("dropout of all but nothing", "[Input(2), Dense(3), Dropout({|MLP0020:0.99999999|}), Dense(1)] public partial class Net;"),
        ("dropout of NaN", "[Input(2), Dense(3), Dropout({|MLP0020:double.NaN|}), Dense(1)] public partial class Net;"),
        ("dropout after the output", "[Input(2), Dense(3), Dense(1), {|MLP0021:Dropout(0.5)|}] public partial class Net;"),
        ("noise after the output", "[Input(2), Dense(1), {|MLP0021:GaussianNoise(0.5)|}] public partial class Net;"),
        ("two dropouts", "[Input(2), Dense(3), Dropout(0.5), {|MLP0023:Dropout(0)|}, Dense(1)] public partial class Net;"),
        ("two dropouts of the inputs", "[Dropout(0.5), Input(2), {|MLP0023:Dropout(0.1)|}, Dense(3), Dense(1)] public partial class Net;"),
        ("two noises, and a dropout between", "[Input(2), Dense(3), GaussianNoise(1), Dropout(0.5), {|MLP0023:GaussianNoise(1)|}, Dense(1)] public partial class Net;"),
        ("negative noise", "[Input(2), GaussianNoise({|MLP0036:-0.1|}), Dense(1)] public partial class Net;"),
        ("endless noise", "[Input(2), Dense(3), GaussianNoise(deviation: {|MLP0036:double.PositiveInfinity|}), Dense(1)] public partial class Net;"),
        ("noise beyond float", "[Input(2), Dense(3), GaussianNoise({|MLP0036:1e300|}), Dense(1)] public partial class Net;"),
        ("noise without Input", "[{|MLP0010:GaussianNoise(0.5)|}] public partial class Net;"),

        ("name with a space", "[Input(2), Dense(3, Name = {|MLP0024:\"my layer\"|}), Dense(1)] public partial class Net;"),
        ("empty name", "[Input(2), Dense(3, Name = {|MLP0024:\"\"|}), Dense(1)] public partial class Net;"),
        ("escaped name", "[Input(2), Dense(3, Name = {|MLP0024:\"@class\"|}), Dense(1)] public partial class Net;"),
        ("name with a formatting character", "[Input(2), Dense(3, Name = {|MLP0024:\"A\\u200D\"|}), Dense(1)] public partial class Net;"),
        ("name of a member", "[Input(2), Dense(3, Name = {|MLP0025:\"Predict\"|}), Dense(1)] public partial class Net;"),
        ("name of an activation", "[Input(2), Dense(3, Name = {|MLP0025:\"Relu\"|}), Dense(1)] public partial class Net;"),
        ("name of another loss", "[Input(2), Dense(3, Name = {|MLP0025:\"Huber\"|}), Dense(1)] public partial class Net;"),
        ("name of an attribute's argument", "[Input(2), Dense(3, Name = {|MLP0025:\"Activation\"|}), Dense(1)] public partial class Net;"),
        ("name that every object has", "[Input(2), Dense(3, Name = {|MLP0025:\"GetHashCode\"|}), Dense(1)] public partial class Net;"),
        ("name of an accessor", "[Input(2), Dense(3, Name = {|MLP0025:\"get_Layer2\"|}), Dense(1)] public partial class Net;"),
        ("name of the class", "[Input(2), Dense(3, Name = {|MLP0025:\"Net\"|}), Dense(1)] public partial class Net;"),
        ("name twice", "[Input(2), Dense(3, Name = \"A\"), Dense(1, Name = {|MLP0026:\"A\"|})] public partial class Net;"),
        ("name of another layer", "[Input(2), Dense(3, Name = {|MLP0026:\"Layer2\"|}), Dense(1)] public partial class Net;"),

        ("undefined activation", "[Input(2), Dense(1, {|MLP0027:(Activation)99|}), Loss(BCE)] public partial class Net;"),
        ("undefined initializer", "[Input(2), Dense(1, Initializer = {|MLP0027:(Initializer)(-1)|})] public partial class Net;"),
        ("undefined loss", "[Input(2), Dense(1), Loss({|MLP0027:(LossFunction)99|})] public partial class Net;"),
        ("undefined normalization", "[Input(2), Dense(1, Normalization = {|MLP0027:(Normalization)3|}, NormalizationEpsilon = 1)] public partial class Net;"),

        ("a method of one's own", """
            [Input(2), Dense(1)]
            public partial class Net
            {
                public float {|MLP0028:Predict|}(System.ReadOnlySpan<float> input) => input[0];
            }
            """),
        ("a field of one's own", "[Input(2), Dense(1)] public partial class Net { public int {|MLP0028:InputSize|} = 2; }"),
        ("a property called like a method", "[Input(2), Dense(1)] public partial class Net { public int {|MLP0028:Save|} => 2; }"),
        ("a member called like a layer", "[Input(2), Dense(1)] public partial class Net { public class {|MLP0028:Layer1|}; }"),
        ("an accessor of one's own", "[Input(2), Dense(1)] public partial class Net { public int {|MLP0028:get_Threads|}() => 1; public void {|MLP0028:set_Threads|}(int value) { } }"),
        ("an indexer called like a layer", "[Input(2), Dense(1, Name = \"Item\")] public partial class Net { public int {|MLP0028:this|}[int i] => i; }"),
        ("a field called like the store", "[Input(2), Dense(1)] public partial class Net { public int {|MLP0028:_network|} = 1; public class {|MLP0028:Kernels|}; }"),
        ("a constructor of one's own", "[Input(2), Dense(1)] public partial class Net { public {|MLP0028:Net|}(int layers) { } }"),
        ("a training method of one's own", """
            [Input(2), Dense(1), Loss(MSE)]
            public partial class Net
            {
                public void {|MLP0028:TrainStep|}(System.ReadOnlySpan<float> x, System.ReadOnlySpan<float> t, Optimizer o) { }
            }
            """),
        ("class called like a member", "[Input(2), Dense(1)] public partial class {|MLP0029:Summary|};"),
        ("a constructor by itself", "[Input(2), Dense(1)] public partial class Net { public {|MLP0030:Net|}(string s) { _ = s; } }"),
        ("a constructor that calls the base's", "[Input(2), Dense(1)] public partial class Net { public {|MLP0030:Net|}() : base() { } }"),
        ("an inherited method", """
            public abstract class Model { public virtual void Save(string path) { } public void Load() { } private int Summary => 1; }
            [Input(2), Dense(1)] public partial class {|MLP0031:Net|} : Model;
            """),
        ("an inherited property, overridden on the way", """
            public class Model { public virtual int Threads { get; set; } }
            public class Middle : Model { public override int Threads { get; set; } }
            [Input(2), Dense(1)] public partial class {|MLP0031:Net|} : Middle;
            """),
        ("an inherited event", """
            public class Model { public event System.Action Save { add { } remove { } } }
            [Input(2), Dense(1)] public partial class {|MLP0031:Net|} : Model;
            """),
        ("an inherited indexer", """
            public class Model { public int this[int i] { get => i; set { } } }
            [Input(2), Dense(1, Name = "Item")] public partial class {|MLP0031:Net|} : Model;
            """),
        ("inherited methods called like accessors", """
            public class Model { public int get_Threads() => 1; public void set_Threads(int value) { } }
            [Input(2), Dense(1)] public partial class {|MLP0031,MLP0031:Net|} : Model;
            """),
        ("a required member", "[Input(2), Dense(1)] public partial class Net { public required string {|MLP0032:Title|} { get; set; } }"),
        ("an inherited required member", """
            public class Model { public required int Number; }
            [Input(2), Dense(1)] public partial class {|MLP0032:Net|} : Model;
            """),
        ("a required member, overridden on the way", """
            public class Model { public virtual required int Number { get; set; } }
            public class Middle : Model { public override required int Number { get; set; } }
            [Input(2), Dense(1)] public partial class {|MLP0032:Net|} : Middle;
            """),
        ("a base class that needs an argument", """
            public class Model(string title) { public string Title => title; }
            [Input(2), Dense(1)] public partial class {|MLP0033:Net|} : Model;
            """),
        ("a base class with a private constructor", """
            public class Model { private Model() { } public Model(string title) { _ = title; } }
            [Input(2), Dense(1)] public partial class {|MLP0033:Net|} : Model;
            """),
        ("units that are generated", "[Input(9), Dense(4, Relu), Dense({|MLP0034:InputSize|}), Loss(MSE)] public partial class Net;"),
        ("units computed from what is generated", "[Input(9), Dense(activation: Relu, units: {|MLP0034:2 * Net.InputSize|}), Dense(1)] public partial class Net;"),
        ("input that another network gives", """
            [Input({|MLP0034:My.Encoder.OutputSize|}), Dense(1)] public partial class Net;
            namespace My { [Input(2), Dense(3)] public partial class Encoder; }
            """),
        ("a constant that is made of a generated one", """
            [Input(9), Dense({|MLP0034:Sizes.Half|}), Dense(1)] public partial class Net;
            public static class Sizes { public const int Half = Whole / 2; private const int Whole = Net.InputSize; }
            """),
        ("an enumeration that is made of a generated constant", """
            [Input(9), Dense({|MLP0034:(int)Size.Half|}), Dense(1)] public partial class Net;
            public enum Size { None, Whole = Net.InputSize - 5, Half }
            """),
        ("a dropout rate that is generated", "[Input(9), Dense(3), Dropout({|MLP0034:1.0 / Net.InputSize|}), Dense(1)] public partial class Net;"),
        ("a property that is generated", "[Input(9, Standardize = {|MLP0034:InputSize > 2|}), Dense(1)] public partial class Net;"),
        ("an activation that is generated", "[Input(9), Dense(3, {|MLP0034:(Activation)InputSize - 9|}), Dense(1)] public partial class Net;"),
        ("a name that is generated", "[Input(9), Dense(3, Name = {|MLP0034:nameof(Other.Layer1)|}), Dense(1)] public partial class Net; [Input(1), Dense(1)] public partial class Other;"),
        ("a class weight that is generated", """
            [Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = new double[] { 1, {|MLP0034:InputSize|} })] public partial class Net;
            """),
        ("a number of class weights that is generated", """
            [Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = new double[{|MLP0034:Net.InputSize|}] { 1, 1 })] public partial class Net;
            """),
        ("a generated constant that hides another", """
            using static Sizes;
            [Input(9), Dense({|MLP0034:InputSize|})] public partial class Net;
            public static class Sizes { public const int InputSize = 4; }
            """),
        ("a generated constant of the class around", """
            [Input(9), Dense(1)] public partial class Outer { [Input({|MLP0034:InputSize|}), Dense(1)] public partial class Net; }
            """),
        ("a training method with weights", """
            [Input(2), Dense(1), Loss(MSE)]
            public partial class Net
            {
                public void {|MLP0028:ComputeGradients|}(
                    System.ReadOnlySpan<float> x, System.ReadOnlySpan<float> t, System.ReadOnlySpan<float> w, System.Span<float> g) { }
            }
            """),
        ("a class by sign of one's own", """
            [Input(2), Dense(1), Loss(Hinge)]
            public partial class Net
            {
                public int {|MLP0028:PredictClass|}(System.ReadOnlySpan<float> input) => 0;
            }
            """),
        ("input gradients of one's own", """
            [Input(2, Gradients = true), Dense(1), Loss(MSE)]
            public partial class Net
            {
                public void {|MLP0028:InputGradients|}(System.ReadOnlySpan<float> inputs, System.Span<float> jacobian) { }
            }
            """),
        ("Poisson on Linear", "[Input(2), {|MLP0035:Dense(1)|}, Loss(Poisson)] public partial class Net;"),
        ("Poisson on Sigmoid", "[Input(2), Dense(3, {|MLP0035:Sigmoid|}), Loss(Poisson)] public partial class Net;"),

        ("Alpha of NaN", "[Input(2), Dense(1, PRelu, Alpha = {|MLP0036:double.NaN|})] public partial class Net;"),
        ("endless Alpha", "[Input(2), Dense(1, PRelu, Alpha = {|MLP0036:double.NegativeInfinity|})] public partial class Net;"),
        ("negative slope", "[Input(2), Dense(1, LeakyRelu, Alpha = {|MLP0036:-0.01|})] public partial class Net;"),
        ("negative scale", "[Input(2), Dense(1, Elu, Alpha = {|MLP0036:-1|})] public partial class Net;"),
        ("negative deviation", "[Input(2), Dense(1, InitializerScale = {|MLP0036:-1|}, Initializer = Initializer.TruncatedNormal)] public partial class Net;"),
        ("constant of NaN", "[Input(2), Dense(1, Initializer = Initializer.Constant, InitializerScale = {|MLP0036:double.NaN|})] public partial class Net;"),
        ("endless gain", "[Input(2), Dense(1, Initializer = Initializer.Orthogonal, InitializerScale = {|MLP0036:1e60|})] public partial class Net;"),
        ("negative penalties", "[Input(2), Dense(1, L1 = {|MLP0036:-1|}, L2 = {|MLP0036:-1e-4|})] public partial class Net;"),
        ("endless penalty", "[Input(2), Dense(1, L2 = {|MLP0036:double.PositiveInfinity|})] public partial class Net;"),
        ("no epsilon", "[Input(2), Dense(3, Normalization = Normalization.Layer, NormalizationEpsilon = {|MLP0036:0|})] public partial class Net;"),
        ("an epsilon that is 0 as float", "[Input(2), Dense(3, Normalization = Normalization.Batch, NormalizationEpsilon = {|MLP0036:1e-50|})] public partial class Net;"),
        ("no momentum", "[Input(2), Dense(3, Normalization = Normalization.Batch, NormalizationMomentum = {|MLP0036:0|})] public partial class Net;"),
        ("too much momentum", "[Input(2), Dense(3, Normalization = Normalization.Batch, NormalizationMomentum = {|MLP0036:1.1|})] public partial class Net;"),
        ("no delta", "[Input(2), Dense(1), Loss(Huber, Delta = {|MLP0036:0|})] public partial class Net;"),
        ("endless delta", "[Input(2), Dense(1), Loss(Huber, Delta = {|MLP0036:double.PositiveInfinity|})] public partial class Net;"),
        ("smoothing of all", "[Input(2), Dense(2, Softmax), Loss(CrossEntropy, LabelSmoothing = {|MLP0036:1|})] public partial class Net;"),
        ("smoothing of all but nothing", "[Input(2), Dense(2, Softmax), Loss(CrossEntropy, LabelSmoothing = {|MLP0036:0.99999999|})] public partial class Net;"),
        ("negative smoothing", "[Input(2), Dense(2, Sigmoid), Loss(BCE, LabelSmoothing = {|MLP0036:-0.1|})] public partial class Net;"),
        ("no weight of positives", "[Input(2), Dense(2, Sigmoid), Loss(BCE, PositiveWeight = {|MLP0036:0|})] public partial class Net;"),
        ("negative class weight", """
            [Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = new double[] { 1, {|MLP0036:-1|} })] public partial class Net;
            """),
        ("class weight of NaN", """
            [Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = [{|MLP0036:double.NaN|}, 0])] public partial class Net;
            """),
        ("wrong options of an undefined loss", "[Input(2), Dense(2), Loss({|MLP0027:(LossFunction)99|}, Delta = {|MLP0036:0|})] public partial class Net;"),

        ("a slope that nothing has", "[Input(2), Dense(3, Relu, Alpha = {|MLP0037:0.1|}), Dense(1, Alpha = {|MLP0037:double.NaN|})] public partial class Net;"),
        ("a scale that no one reads", "[Input(2), Dense(3, Initializer = Initializer.Zeros, InitializerScale = {|MLP0037:2|}), Dense(1, InitializerScale = {|MLP0037:2|})] public partial class Net;"),
        ("an epsilon without normalization", "[Input(2), Dense(3, NormalizationEpsilon = {|MLP0037:1e-3|}, NormalizationMomentum = {|MLP0037:0.2|})] public partial class Net;"),
        ("a momentum of layer normalization", "[Input(2), Dense(3, Normalization = Normalization.Layer, NormalizationMomentum = {|MLP0037:0.2|})] public partial class Net;"),
        ("a delta of another loss", "[Input(2), Dense(1), Loss(MAE, Delta = {|MLP0037:2|})] public partial class Net;"),
        ("smoothing of another loss", "[Input(2), Dense(1), Loss(Hinge, LabelSmoothing = {|MLP0037:0.1|})] public partial class Net;"),
        ("class weights of another loss", """
            [Input(2), Dense(2, Sigmoid), Loss(BCE, ClassWeights = {|MLP0037:new double[] { 1, -1, 1 }|})] public partial class Net;
            """),
        ("positive weight of another loss", "[Input(2), Dense(2, Softmax), Loss(CrossEntropy, PositiveWeight = {|MLP0037:2|})] public partial class Net;"),

        ("residual of other width", "[Input(2), Dense(3, Residual = {|MLP0038:true|}), Dense(3, Residual = true), Dense(1)] public partial class Net;"),
        ("residual after other width", "[Input(2), Dense(2, Residual = true), Dense(3), Dense(2, Residual = {|MLP0038:true|})] public partial class Net;"),
        ("residual probabilities of classes", "[Input(2), Dense(2, Softmax, Residual = {|MLP0039:true|})] public partial class Net;"),
        ("residual classes of other width", "[Input(3), Dense(2, Softmax, Residual = {|MLP0038,MLP0039:true|}), Loss(CrossEntropy)] public partial class Net;"),
        ("residual probabilities", "[Input(2), Dense(2, Sigmoid, Residual = {|MLP0039:true|}), Loss(BCE)] public partial class Net;"),
        ("residual rates", "[Input(2), Dense(2, Exp, Residual = {|MLP0039:true|}), Loss(Poisson)] public partial class Net;"),
        ("normalization of one", "[Input(2), Dense({|MLP0040:1|}, Normalization = Normalization.Layer)] public partial class Net;"),
        ("a class weight too few", """
            [Input(2), Dense(3, Softmax), Loss(CrossEntropy, ClassWeights = {|MLP0041:new[] { 1.0, 2.0 }|})] public partial class Net;
            """),
        ("no class weights", "[Input(2), Dense(3, Softmax), Loss(CrossEntropy, ClassWeights = {|MLP0041:new double[0]|})] public partial class Net;"),
        ("class weights of 0", """
            [Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = {|MLP0042:new[] { 0, 1e-60 }|})] public partial class Net;
            """),
        ("scaled targets behind a sigmoid", "[Input(2), Dense(1, {|MLP0049:Sigmoid|}), Loss(MSE, StandardizeTargets = true)] public partial class Net;"),
        ("scaled probabilities", "[Input(2), Dense(1, Sigmoid), Loss(BCE, StandardizeTargets = {|MLP0037:true|})] public partial class Net;"),
        ("gradients without a loss", "[Input(2, Gradients = {|MLP0043:true|}), Dense(2)] public partial class Net;"),
        ("an ensemble of one", "[Input(2), Ensemble({|MLP0052:1|}), Dense(1), Loss(MSE)] public partial class Net;"),
        ("an ensemble of none, that only predicts", "[Input(2), Ensemble(members: {|MLP0052:-1|}), Dense(3, Relu), Dense(1)] public partial class Net;"),
        ("a crowd", "[Input(2), Dense(1), Loss(MSE), Ensemble({|MLP0052:65|})] public partial class Net;"),
        ("members without a network", "[{|MLP0010:Ensemble(4)|}] public partial class Net;"),
        ("nothing to train", "[Input(2), Dense(3, Frozen = {|MLP0051:true|}), Dense(1, Frozen = true), Loss(MSE)] public partial class Net;"),
        ("one layer, and it is frozen", "[Input(2), Loss(BCE), Dense(1, Sigmoid, L2 = 0.1, Frozen = {|MLP0051:1 > 0|})] public partial class Net;"),

        ("two kinds of input", "public record R([Numeric] float X, [Target] float T); [Input(1), {|MLP0056:Input<R>|}, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a record without inputs", "public record R(float X, [Target] float T); [Input<{|MLP0057:R|}>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a number as a record", "[Input<{|MLP0057:int|}>, Dense(1)] public partial class Net;"),
        ("a record without a target", "public record R([Numeric] float X); [Input<{|MLP0058:R|}>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("text as a number", "public record R([{|MLP0059:Numeric|}] string X, [Numeric] float Y, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a number as a category", "public record R([{|MLP0059:Category|}] float X, [Numeric] float Y, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a number as a time", "public record R([{|MLP0059:Time(Cycles.Hour)|}] long? X, [Numeric] float Y, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a date as a target", "public record R([Numeric] float Y, [{|MLP0059:Target|}] System.DateOnly T, [Target] float U); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a bool as a weight", "public record R([Numeric] float Y, [{|MLP0059:Weight|}] bool W, [Target] float U); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a number and a category", "public record R { [Numeric, {|MLP0060:Category|}] public int X { get; init; } [Target] public float T { get; init; } } [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("an input that is the target", "public record R { [Numeric] public int X { get; init; } [Target, {|MLP0060:Numeric|}] public float T { get; init; } } [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a property without a getter", "public record R([Numeric] float Y, [Target] float T) { [{|MLP0061:Numeric|}] public float X { set { } } } [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a parameter without a property", "public class R([{|MLP0061:Numeric|}] float x, [Numeric] float y) { public float Y => y; [Target] public float T => x; } [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a record of one file", "file record R([Numeric] float X, [Target] float T); [Input<{|MLP0068:R|}>, Dense(1), Loss(MSE)] internal partial class Net;"),
        ("a static property", "public record R([Numeric] float Y, [Target] float T) { [{|MLP0061:Numeric|}] public static float X => 1; } [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a number for classes", "public record R([Numeric] float X, [{|MLP0062:Target|}] int T); [Input<R>, Dense(3, Softmax), Loss(CrossEntropy)] public partial class Net;"),
        ("a bool for regression", "public record R([Numeric] float X, [{|MLP0062:Target|}] bool T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("text for probabilities", "public record R([Numeric] float X, [{|MLP0062:Target|}] string T); [Input<R>, Dense(1, Sigmoid), Loss(BCE)] public partial class Net;"),
        ("more members than outputs", """
            public enum E { A, B, C } public record R([Numeric] float X, [Target] E T);
            [Input<R>, Dense({|MLP0063:2|}, Softmax), Loss(CrossEntropy)] public partial class Net;
            """),
        ("fewer targets than outputs", "public record R([Numeric] float X, [Target] float T, [Target] float U); [Input<R>, Dense({|MLP0063:3|}), Loss(MSE)] public partial class Net;"),
        ("an enum of one", "public enum E { A } public record R([Numeric] float X, [{|MLP0064:Category|}] E C, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("an enum of one value with two names", "public enum E { A, B = A } public record R([{|MLP0064:Category|}] E? C, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("the hour of a date", "public record R([{|MLP0065:Time(Cycles.Hour | Cycles.DayOfYear)|}] System.DateOnly? D, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("no cycle", "public record R([{|MLP0065:Time(Cycles.None)|}] System.DateTime D, [Numeric] float X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("two weights", "public record R([Numeric] float X, [Weight] float W, [Weight] double {|MLP0066:V|}, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("two properties of one column", "public record R([Numeric] float X, [Numeric(Column = \"X\")] float {|MLP0067:Y|}, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a private record of a public network", """
            public partial class Outer
            {
                private record R([Numeric] float X, [Target] float T);
                [Input<{|MLP0068:R|}>, Dense(1), Loss(MSE)] public partial class Net;
            }
            """),
        ("bins of one", "public record R([Numeric(Bins = {|MLP0036:1|})] float X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("bins that are scaled", "public record R([Numeric(Bins = 4, Scale = {|MLP0037:Scale.Robust|})] float X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a negative clip", "public record R([Numeric(Clip = {|MLP0036:-1|})] float X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("an unknown scale", "public record R([Numeric(Scale = {|MLP0027:(Scale)9|})] float X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("an indicator of what is refused", "public record R([Numeric(Indicator = {|MLP0037:true|})] float X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("a capacity of one", "public record R([Category(Capacity = {|MLP0036:1|})] string X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("the capacity of an enum", "public enum E { A, B } public record R([Category(Capacity = {|MLP0037:8|})] E X, [Target] float T); [Input<R>, Dense(1), Loss(MSE)] public partial class Net;"),
        ("too many inputs of a record", "public record R([Category(Capacity = 40_000)] string X, [Category(Capacity = 40_000)] int Y, [Target] float T); [Input<{|MLP0016:R|}>, Dense(1), Loss(MSE)] public partial class Net;"),

        ("a network of a network", """
            [Input(2), Dense(1), Loss(MSE)] public partial class Model;
            [Input(2), Dense(3, Relu), Dense(1), Loss(MSE)] public partial class {|MLP0044:Net|} : Model;
            """),
        ("a network far below a network", """
            [Input(2), Dense(1)] public partial class Model { public Model(string title) : this(title.Length) { } }
            public class Middle : Model;
            [Input(2), Dense(1)] public partial class {|MLP0044:Net|} : Middle;
            """),
        ("a type called nuint", "[Input(2), Dense(1)] public partial class {|MLP0050:Net|}; public struct @nuint;"),
        ("a nested type called nuint", "[Input(2), Dense(1)] public partial class {|MLP0050:Net|} { public interface @nuint; }"),
        ("an inherited type called nuint", "public class Base { protected class @nuint; } [Input(2), Dense(1)] public partial class {|MLP0050:Net|} : Base;"),
        ("a network called nuint", "[Input(2), Dense(1)] public partial class {|MLP0050:@nuint|};"),
        ("a namespace called nuint", "[Input(2), Dense(1)] public partial class {|MLP0050:Net|}; namespace @nuint { class Any; }"),
        ("a global alias called nuint", "global using @nuint = System.UInt32; [Input(2), Dense(1)] public partial class {|MLP0050:Net|};"),
        ("a type called nuint in a namespace around", "namespace A { namespace B { [Input(2), Dense(1)] public partial class {|MLP0050:Net|}; } enum @nuint { } }"),
        ("a type called nuint that only tiles meet", "namespace Mlp { class @nuint; } namespace A { [global::Mlp.Input(2), global::Mlp.Dense(1)] partial class {|MLP0050:Net|}; }"),
        ("a network called like a type of the package", "namespace Mlp { [Input(2), Dense(1)] public partial class {|MLP0050:Dataset|}; }"),
        ("a type called like the tiles", """
            namespace Mlp.CompilerServices { class Tiles; }
            [Input(64), Dense(300, Relu), Dense(1), Loss(MSE)] public partial class {|MLP0050:Net|};
            """),
        ("a network called like the tiles", """
            namespace Mlp.CompilerServices { [Input(64), Dense(300, Relu), Dense(1), Loss(MSE)] public partial class {|MLP0050:Tiles|}; }
            """),

        ("class called like a layer", "[Input(2), Dense(1)] public partial class {|MLP0029:Layer1|};"),
    ];
}
