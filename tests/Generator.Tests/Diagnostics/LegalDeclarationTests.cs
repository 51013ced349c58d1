using Generator.Tests.Infrastructure;

namespace Generator.Tests.Diagnostics;

/// <summary>What looks odd and is right: no diagnostic of ours and none of the compiler's.</summary>
public class LegalDeclarationTests
{
    public static TheoryData<string, string> Sources => new()
    {
        { "global namespace", "[Input(2), Dense(1)] public partial class Net;" },
        { "file-scoped namespace", "namespace My.App; [Input(2), Dense(1)] public partial class Net;" },
        { "internal", "namespace My.App { [Input(2), Dense(1)] internal partial class Net; }" },
        { "sealed", "[Input(2), Dense(1)] public sealed partial class Net;" },
        { "nested", "partial class A { partial struct B { partial interface IC { [Input(2), Dense(1)] partial class Net; } } }" },
        { "nested in records", "partial record A(int X) { partial record struct B { [Input(2), Dense(1)] private partial class Net; } }" },
        {
            "nested in odd types",
            "static partial class A { readonly partial struct B { public ref "
            + "partial struct C { [Input(2), Dense(1)] internal partial class Net; } } }"
        },
        {
            "keywords",
            "namespace @namespace.@class { partial class @struct { "
            + "[Input(2), Dense(1, Name = \"new\")] public partial class @class; } }"
        },
        {
            "contextual keywords",
            "partial class @record { [Input(2), Dense(1, Name = \"record\"), Dense(1, Name = \"field\")] "
            + "public partial class @file; }"
        },
        {
            "a namespace called System",
            "namespace My.System { [Input(2), Dense(3, Relu), Dense(1)] [Loss(MSE)] public partial class Net; }"
        },
        { "a namespace called Mlp", "namespace My.Mlp { [global::Mlp.Input(2), global::Mlp.Dense(1)] public partial class Net; }" },
        {
            "two of one name",
            "namespace A { [Input(2), Dense(1)] public partial class Net; } "
            + "namespace B { [Input(2), Dense(1)] public partial class Net; }"
        },
        {
            "two that differ by case",
            "namespace A { [Input(2), Dense(1)] public partial class Net; [Input(2), Dense(1)] public partial class NET; }"
        },
        {
            "namespaces that differ by case",
            "namespace A { [Input(2), Dense(1)] public partial class Net; } "
            + "namespace a { [Input(2), Dense(1)] public partial class Net; }"
        },
        {
            "twelve layers", """
            [Input(3)]
            [Dense(3, Relu), Dense(4, Tanh), Dense(5, Sigmoid), Dense(6), Dense(7, Relu), Dense(8, Relu)]
            [Dense(9, Relu), Dense(10, Relu), Dense(11, Relu), Dense(12, Relu), Dense(13, Relu), Dense(14, Softmax)]
            [Loss(CrossEntropy)]
            public partial class Net;
            """
        },
        { "one input, one unit", "[Input(1), Dense(1)] [Loss(MSE)] public partial class Net;" },
        {
            "attributes in any order",
            "[Loss(BCE)] [Dense(3, Relu)] [Dropout(0.5)] [Dense(1, Sigmoid)] [Input(2)] public partial class Net;"
        },
        { "other parts", "[Input(2), Dense(1)] public partial class Net; public partial class Net { public void Mine() { } }" },
        {
            "a base class",
            "public class Base; [Input(2), Dense(1)] public "
            + "partial class Net : Base, System.ICloneable { object System.ICloneable.Clone() => this; }"
        },
        {
            "a base class of odd constructors",
            "public partial class A { private A() { } public A(int n) { } [Input(2), Dense(1)] private partial class Net : A; } "
            + "public class B { protected B(int n = 0, params string[] names) { } } [Input(2), Dense(1)] public partial class Net : B;"
        },
        { "members of one's own", "[Input(2), Dense(1)] public partial class Net { public void Predict() { } public void Train() { } }" },
        { "constructors of one's own", "[Input(2), Dense(1)] public partial class Net { public Net(string s) : this(s.Length) { } static Net() { } }" },
        { "greatest sizes", "[Input(65_536), Dense(1)] public partial class Wide; [Input(1), Dense(65_536)] public partial class Tall;" },
        {
            "no bias, zeros, dropout 0",
            "[Input(2, Standardize = true), Dense(3, Bias = false, Initializer = Initializer.Zeros), Dropout(0), Dense(1)] "
            + "public partial class Net;"
        },
        {
            "constants and names of one's own",
            "[Input(Size), Dense((int)Sizes.Two, Name = nameof(Net) + \"1\"), Dense(Net.Size, Name = nameof(Predict) + nameof(Size))] "
            + "public partial class Net { public const int Size = (int)Sizes.Two; public void Predict() { } } public enum Sizes { Two = 2 }"
        },
        {
            "noise everywhere, and none",
            "[Input(2), GaussianNoise(0.1), Dropout(0.2), Dense(3), Dropout(0.5), GaussianNoise(1), Dense(3), GaussianNoise(0), Dropout(0), Dense(1)] "
            + "[Loss(MSE)] public partial class Net;"
        },
        {
            "noise of a network that only predicts",
            "[Input(2), Dropout(0.2), Dense(3), GaussianNoise(1), Dense(1)] public partial class Net;"
        },
        {
            "numbers at the ends of their ranges",
            "[Input(2), Dense(2, LeakyRelu, Alpha = 0, L1 = 0, L2 = 0), Dense(3, PRelu, Alpha = -2), "
            + "Dense(3, Normalization = Normalization.Batch, NormalizationEpsilon = float.Epsilon, NormalizationMomentum = 1), "
            + "Dense(2, Softmax, Normalization = Normalization.Layer)] "
            + "[Loss(CrossEntropy, LabelSmoothing = 0, ClassWeights = new double[] { 0, 1 })] public partial class Net;"
        },
        {
            "a normalized, residual output",
            "[Input(1, Gradients = true), Dense(1, Residual = true, Normalization = Normalization.Batch), Loss(Huber, Delta = 1e-3)] public partial class Net;"
        },
        { "a residual probability without BCE", "[Input(1), Dense(1, Sigmoid, Residual = true), Loss(MSE)] public partial class Net;" },
        { "class weights that are null", "[Input(2), Dense(1), Loss(MSE, ClassWeights = null)] public partial class Net;" },
        {
            "initial weights",
            "[Input(2), Dense(2, Initializer = Initializer.TruncatedNormal, InitializerScale = 0), "
            + "Dense(2, Initializer = Initializer.Orthogonal, InitializerScale = -1), Dense(2, Initializer = Initializer.TruncatedNormal), "
            + "Dense(2, Initializer = Initializer.Constant, InitializerScale = 0.5), Dense(1, Initializer = Initializer.GlorotNormal)] "
            + "[Loss(MSE)] public partial class Net;"
        },
        {
            "classes by sign",
            "[Input(2), Dense(1), Loss(Hinge)] public partial class Net { public static int Class(Net net) => net.PredictClass([0, 1]); }"
        },
        { "counts", "[Input(2), Dense(1, Softplus), Loss(Poisson)] public partial class Net;" },
        { "a name that is null", "[Input(2), Dense(1, Name = null)] public partial class Net;" },
        {
            "networks called like the file of the tiles",
            "namespace Mlp { [Input(2), Dense(1)] partial class Tiles; } namespace MLP { [Input(64), Dense(300, Relu), Dense(1), Loss(MSE)] partial class Tiles; } "
            + "namespace mlp { [Input(2), Dense(1)] partial class tiles1; [Input(2), Dense(1)] partial class TILES; }"
        },
        {
            "a network called Mlp.Generated.Tiles",
            "namespace Mlp.Generated; [Input(64), Dense(300, Relu), Dense(10, Softmax), Loss(CrossEntropy)] public partial class Tiles;"
        },
        {
            "classes and namespaces called like stages",
            "[Input(2), Dense(1)] partial class Net; namespace net { [Input(2), Dense(1)] partial class Forward; [Input(2), Dense(1)] partial class forwarD; } "
            + "namespace NET { [Input(2), Dense(1), Loss(MSE)] partial class ForwarD { [Input(2), Dense(1)] public partial class G; } }"
        },
        {
            "names as long as files may be",
            $"namespace {new string('n', 255)} {{ [Input(2), Dense(1), Loss(MSE)] partial class {new string('ж', 255)}; [Input(2), Dense(1)] partial class {new string('ж', 254)}; }}"
        },
        { "an alias called nuint in one file", "using @nuint = System.UInt32; [Input(2), Dense(1)] public partial class Net;" },
        {
            "an attribute of one's own",
            "namespace My { class DenseAttribute(int n) : System.Attribute { public int N => n; } [Dense(0)] class Net; }"
        },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void Legal_IsClean(string name, string source)
    {
        Assert.NotEmpty(name);
        GeneratorHarness.Run(source).AssertClean();
    }
}
