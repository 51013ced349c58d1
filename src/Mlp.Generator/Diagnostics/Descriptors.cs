using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Mlp.Generator.Diagnostics;

/// <summary>Every mistake that can be seen in a declaration. Ids are stable for ever; each has a page under docs/diagnostics.</summary>
internal static class Descriptors
{
    internal const string HelpBase = "https://github.com/mlpgen/mlpgen/blob/main/docs/diagnostics/";

    public static readonly DiagnosticDescriptor NotPartial = Rule(
        "MLP0001",
        "A network class must be partial",
        "Class '{0}' is not partial, so no code can be added to it; add the modifier 'partial'",
        "The generator writes the network as another part of the class.");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Rule(
        "MLP0002",
        "A type that contains a network must be partial",
        "Type '{0}' contains network '{1}' and is not partial, so no code can be added inside; add the modifier 'partial' or move '{1}' out",
        "The generator opens every containing type to write the network inside it.");

    public static readonly DiagnosticDescriptor Generic = Rule(
        "MLP0003",
        "A network cannot be generic",
        "Type '{0}' has type parameters; a network and the types that contain it can have none, so remove them or move the network out",
        "A network has fixed sizes and computes with float, so a type parameter has no use.");

    public static readonly DiagnosticDescriptor Static = Rule(
        "MLP0004",
        "A network class cannot be static",
        "Class '{0}' is static, but every network is an object that owns its parameters; remove the modifier 'static'",
        "Parameters belong to an instance, so that a program may hold several networks of one architecture.");

    public static readonly DiagnosticDescriptor Abstract = Rule(
        "MLP0005",
        "A network class cannot be abstract",
        "Class '{0}' is abstract, but 'Load' and 'Clone' create instances of it; remove the modifier 'abstract'",
        "The generated members create instances of the class.");

    public static readonly DiagnosticDescriptor Record = Rule(
        "MLP0006",
        "A network cannot be a record",
        "'{0}' is a record, but a network changes as it trains and is not compared by value; write 'partial class'",
        "Value equality and copying of references would mislead for an object that owns mutable parameters.");

    public static readonly DiagnosticDescriptor NotClass = Rule(
        "MLP0007",
        "A network must be a class",
        "'{0}' is declared as {1}, but a network owns one store of parameters that copies must not share; write 'partial class'",
        "Only a class can carry a network.");

    public static readonly DiagnosticDescriptor FileLocal = Rule(
        "MLP0008",
        "A network cannot be file-local",
        "Type '{0}' is local to its file, so no generated file can add to it; remove the modifier 'file'",
        "Generated code stands in files of its own, and a file-local type cannot be continued there. This holds for containing types too.");

    public static readonly DiagnosticDescriptor PrimaryConstructor = Rule(
        "MLP0009",
        "A network class cannot have a primary constructor",
        "Class '{0}' has a primary constructor, but its constructor is the generated '{0}(int seed = 0)'; remove the parameter list",
        "Where a class has a primary constructor, every other one must call it, and the generated one cannot know its arguments.");

    public static readonly DiagnosticDescriptor MissingInput = Rule(
        "MLP0010",
        "A network needs [Input]",
        "Class '{0}' has [{1}] but no [Input]; add '[Input(n)]' with the number of input columns, or remove [{1}]",
        "[Input] marks the class as a network; without it the other attributes mean nothing and no code is generated.");

    public static readonly DiagnosticDescriptor NoDense = Rule(
        "MLP0011",
        "A network needs at least one dense layer",
        "Network '{0}' has no layer; add at least one '[Dense(units)]' after [Input]",
        "The last dense layer is the output of the network.");

    public static readonly DiagnosticDescriptor BceNeedsSigmoid = Rule(
        "MLP0012",
        "BCE needs Sigmoid outputs",
        "The loss is BCE but the output layer's activation is {0}; BCE needs Sigmoid, as in '[Dense({1}, Sigmoid)]'",
        "Binary cross-entropy is the logarithm of a probability, and is computed together with the sigmoid that makes it one.");

    public static readonly DiagnosticDescriptor CrossEntropyNeedsSoftmax = Rule(
        "MLP0013",
        "CrossEntropy needs a Softmax output",
        "The loss is CrossEntropy but the output layer's activation is {0}; CrossEntropy needs Softmax, as in '[Dense({1}, Softmax)]'",
        "Cross-entropy compares distributions over classes, and is computed together with the softmax that makes one.");

    public static readonly DiagnosticDescriptor OtherDeclaration = Rule(
        "MLP0014",
        "All attributes of a network stand on one declaration",
        "[{0}] stands on another declaration of '{1}' than [Input]; move it to the declaration that has [Input]",
        "Layers apply in source order, and there is no order between the declarations of a partial class.");

    public static readonly DiagnosticDescriptor SizeTooSmall = Rule(
        "MLP0015",
        "A size must be at least 1",
        "{0} has {1} {2}; {3} needs at least 1",
        "Inputs and layers have one column or more.");

    public static readonly DiagnosticDescriptor SizeTooLarge = Rule(
        "MLP0016",
        "A size is larger than a network can have",
        "{0} has {1} {2}; at most {3} are supported",
        "Beyond this size dense layers with generated code are the wrong tool; usually the number is a typing error.");

    public static readonly DiagnosticDescriptor TooManyParameters = Rule(
        "MLP0017",
        "A network has too many parameters",
        "With {0} the network has {1} parameters; at most {2} are supported, so make a layer smaller",
        "All parameters live in one store of float values; optimizer state takes one or two times as much again.");

    public static readonly DiagnosticDescriptor SoftmaxBeforeOutput = Rule(
        "MLP0018",
        "Softmax belongs to the output layer",
        "{0} is followed by another layer and cannot have Softmax; use it on the last layer, and for example Relu here",
        "Softmax turns the outputs of the network into probabilities of exclusive classes.");

    public static readonly DiagnosticDescriptor SoftmaxOfOne = Rule(
        "MLP0019",
        "Softmax needs at least two units",
        "{0} has Softmax over a single unit, which is always 1; give it one unit a class, or use Sigmoid for one probability",
        "A softmax over one value is constant and has no gradient.");

    public static readonly DiagnosticDescriptor DropoutRate = Rule(
        "MLP0020",
        "A dropout rate lies in [0, 1)",
        "The dropout rate is {0}; it is the probability that an output is dropped, at least 0 and less than 1",
        "At rate 1 nothing would be left, and the others are scaled by 1 / (1 − rate).");

    public static readonly DiagnosticDescriptor NoiseAfterOutput = Rule(
        "MLP0021",
        "Noise cannot follow the output layer",
        "[{0}] follows the output layer, {1}; move it before the first dense layer or between two of them, or remove it",
        "The loss would compare noise with the targets.");

    public static readonly DiagnosticDescriptor SecondNoise = Rule(
        "MLP0023",
        "One noise of a kind",
        "{0} has a second [{1}]; keep one",
        "Two of a kind in one place are one with another rate or deviation.");

    public static readonly DiagnosticDescriptor LayerNameNotIdentifier = Rule(
        "MLP0024",
        "A layer name is a C# identifier",
        "The layer name \"{0}\" is not an identifier; use letters, digits and underscores, and begin with a letter",
        "The name becomes a property of the class. Keywords are allowed and escaped in the generated code.");

    public static readonly DiagnosticDescriptor LayerNameReserved = Rule(
        "MLP0025",
        "A layer name is reserved",
        "The layer name '{0}' is reserved: {1}; choose another",
        "Layer names share the class with generated members, and stand in scope of the attributes' arguments.");

    public static readonly DiagnosticDescriptor LayerNameDuplicate = Rule(
        "MLP0026",
        "Layer names differ",
        "Layers {0} and {1} are both called '{2}'; give one of them another name",
        "A layer without a name is called Layer1, Layer2, … by its place among the dense layers.");

    public static readonly DiagnosticDescriptor UndefinedEnumValue = Rule(
        "MLP0027",
        "A value is not defined",
        "{0} is not a defined {1}; use one of {2}",
        "A number was converted to an enumeration that has no member of this value.");

    public static readonly DiagnosticDescriptor MemberCollision = Rule(
        "MLP0028",
        "A member collides with a generated one",
        "Member '{0}' of network '{1}' is also generated ({2}); give yours another name, or if it is a method other parameters",
        "The generator adds members to the class; one of your own cannot have the name, or for methods the signature, of one of them.");

    public static readonly DiagnosticDescriptor ClassNameCollision = Rule(
        "MLP0029",
        "A network class has the name of a generated member",
        "Class '{0}' would contain a generated member of its own name, which C# does not allow; rename the class",
        "A member cannot be called like the class around it.");

    public static readonly DiagnosticDescriptor ConstructorNotChained = Rule(
        "MLP0030",
        "A constructor must call the generated one",
        "This constructor of network '{0}' makes no parameters; let it call the generated one, as in '{0}(…) : this(seed: 0)'",
        "The generated constructor makes the store of parameters, without which no other member works.");

    public static readonly DiagnosticDescriptor InheritedCollision = Rule(
        "MLP0031",
        "An inherited member collides with a generated one",
        "Network '{0}' inherits '{1}', which is also generated ({2}); rename the inherited member, or use an interface instead of the base class",
        "A generated member would hide the inherited one. Generated members may implement those of interfaces, but never override.");

    public static readonly DiagnosticDescriptor RequiredMember = Rule(
        "MLP0032",
        "A network cannot have required members",
        "Member '{0}' of network '{1}' is required, but 'Load' and 'Clone' make networks without a value for it; remove the modifier 'required'",
        "The generated members create instances of the class and cannot know what to set. This holds for inherited members too.");

    public static readonly DiagnosticDescriptor BaseConstructor = Rule(
        "MLP0033",
        "The base class of a network needs a constructor without arguments",
        "Network '{0}' derives from '{1}', which has no accessible constructor that can be called without arguments; add one to '{1}'",
        "The generated constructors call that of the base class and cannot know its arguments.");

    public static readonly DiagnosticDescriptor GeneratedArgument = Rule(
        "MLP0034",
        "An argument cannot come from generated code",
        "'{0}' comes from generated code and has no value while the network is generated; write the value itself, or a constant of your own",
        "All generated code is written at once: a network's declaration cannot use what is generated from it, or from another one.");

    public static readonly DiagnosticDescriptor PoissonNeedsRates = Rule(
        "MLP0035",
        "Poisson needs Exp or Softplus outputs",
        "The loss is Poisson but the output layer's activation is {0}; Poisson needs Exp or Softplus, as in '[Dense({1}, Exp)]'",
        "The Poisson loss takes the logarithm of a rate above 0, and is computed together with the activation that makes it one.");

    public static readonly DiagnosticDescriptor NumberOutOfRange = Rule(
        "MLP0036",
        "A number is out of its range",
        "{0} of {1} is {2}; write a number that is {3}",
        "Networks compute with float: a number counts as the float that it becomes.");

    public static readonly DiagnosticDescriptor UnusedSetting = Rule(
        "MLP0037",
        "A setting has no effect",
        "{0} of {1} has no effect with {2}; remove it, or use {3}",
        "If nothing reads a setting, another part of the declaration is probably a mistake.");

    public static readonly DiagnosticDescriptor ResidualWidths = Rule(
        "MLP0038",
        "A residual layer has as many units as inputs",
        "{0} adds its {1} inputs to {2} outputs; give it {1} units, or remove Residual",
        "Each input is added to the output of the same index, so there are as many of both.");

    public static readonly DiagnosticDescriptor ResidualOutput = Rule(
        "MLP0039",
        "Inputs cannot be added to probabilities or rates",
        "{0} adds its inputs to the outputs of {1}, which then are no {2}; remove Residual",
        "Losses of probabilities and rates are computed together with the activation, so nothing can be added after it.");

    public static readonly DiagnosticDescriptor LayerNormalizationOfOne = Rule(
        "MLP0040",
        "Layer normalization needs at least two units",
        "{0} has layer normalization over a single unit, which leaves nothing but its shift; give it more units, or use Normalization.Batch",
        "A single value less its own mean is always 0.");

    public static readonly DiagnosticDescriptor ClassWeightCount = Rule(
        "MLP0041",
        "One class weight a class",
        "The number of class weights is {0}, but that of classes is {1}, the units of the output layer; write one weight a class",
        "Weight i belongs to class i, which is output i.");

    public static readonly DiagnosticDescriptor ClassWeightsAllZero = Rule(
        "MLP0042",
        "A class weight is above 0",
        "All class weights are 0, so that no row counts; write a number above 0 for at least one class",
        "The loss is a weighted mean, which needs a weight above 0.");

    public static readonly DiagnosticDescriptor GradientsWithoutLoss = Rule(
        "MLP0043",
        "InputGradients needs a loss",
        "Gradients is true but there is no [Loss], and InputGradients is part of the training half; add a [Loss], or remove Gradients",
        "The backward pass begins at the loss; without one only prediction is generated.");

    public static readonly DiagnosticDescriptor DerivedNetwork = Rule(
        "MLP0044",
        "A network cannot derive from a network",
        "Network '{0}' derives from network '{1}', which has the same members; let each be a class of its own, or keep a network as a member",
        "Both would have parameters, sizes and a constructor of their own under the same names.");

    public static readonly DiagnosticDescriptor LanguageVersion = Rule(
        "MLP0045",
        "Generated code needs a newer C#",
        "The project compiles as C# {0}, but generated code needs C# {1}; remove LangVersion from the project, which then has C# 14 with .NET 10",
        "By default the language version follows the target framework. Reported once a project.");

    public static readonly DiagnosticDescriptor InGeneratedCode = Rule(
        "MLP0046",
        "A network cannot be declared in generated code",
        "Network '{0}' is declared in generated code, which generators cannot see; move it to a .cs file",
        "All generated code is written at once. The '@code' block of a Razor component becomes generated code as well.");

    public static readonly DiagnosticDescriptor TrainingWithoutLoss = Rule(
        "MLP0047",
        "Training needs a loss",
        "Network '{0}' has no [Loss], so '{1}' is not generated; add a loss to its declaration, as in '[Loss(MSE)]'",
        "Without a loss only prediction is generated.");

    public static readonly DiagnosticDescriptor UnreadableArgument = Rule(
        "MLP0048",
        "An argument cannot come from another generator",
        "'{0}' comes from another generator and has no value while the network is generated; write the value itself, or a constant of your own",
        "All generated code is written at once: no generator sees what another one writes.");

    public static readonly DiagnosticDescriptor ScaledTargetsNeedLinear = Rule(
        "MLP0049",
        "Standardised targets need a Linear output",
        "StandardizeTargets scales what the output layer answers, but its activation is {0}, whose range is fixed; write Linear, or remove StandardizeTargets",
        "Targets in units of their deviation from the mean lie on both sides of 0 without a bound, and only Linear reaches them all.");

    public static readonly DiagnosticDescriptor TakenName = Rule(
        "MLP0050",
        "A name that generated code needs is taken",
        "The code of network '{0}' uses '{1}', which here means '{2}' of the project; give that another name",
        "Generated code writes its names in full; a few can still be taken.");

    public static readonly DiagnosticDescriptor AllFrozen = Rule(
        "MLP0051",
        "Training needs a layer that is not frozen",
        "All layers of network '{0}' are frozen, so training would change nothing; remove Frozen from a layer, or remove [Loss]",
        "Training leaves frozen layers as they are.");

    public static readonly DiagnosticDescriptor EnsembleMembers = Rule(
        "MLP0052",
        "An ensemble has 2 to 64 members",
        "The ensemble has {0} members, but must have {1} to {2}; write another number, or remove [Ensemble] for a single network",
        "One member would be a single network with scaled inputs; of many, each adds the cost of a network and next to nothing to their mean.");

    public static readonly DiagnosticDescriptor TwoInputs = Rule(
        "MLP0056",
        "A network has one kind of input",
        "Network '{0}' has both [Input] and [Input<TRecord>]; remove one of them",
        "Rows are either numbers, or records whose properties are encoded.");

    public static readonly DiagnosticDescriptor RecordWithoutInputs = Rule(
        "MLP0057",
        "A record needs inputs",
        "No property of '{0}' is an input; mark what the network sees with [Numeric], [Category] or [Time]",
        "The network's inputs are the marked properties, in order of declaration.");

    public static readonly DiagnosticDescriptor RecordWithoutTarget = Rule(
        "MLP0058",
        "A record needs a target",
        "No property of '{0}' has [Target], so there is nothing for the loss to compare with; mark what the network learns, or remove [Loss]",
        "A network without a loss only predicts, and needs no target.");

    public static readonly DiagnosticDescriptor UnsupportedColumnType = Rule(
        "MLP0059",
        "A property's type does not fit its attribute",
        "[{0}] on '{1}', which is {2}, cannot be encoded; it goes on {3}",
        "Each kind of column takes the types whose values mean what it computes with.");

    public static readonly DiagnosticDescriptor TwoColumnKinds = Rule(
        "MLP0060",
        "A property has one role",
        "'{0}' has both [{1}] and [{2}]; remove one of them",
        "A property is one column. What is an input as a number and as a category is two properties.");

    public static readonly DiagnosticDescriptor UnreadableProperty = Rule(
        "MLP0061",
        "A property must be readable",
        "[{1}] on '{0}' cannot be read by the network; let it be a property with a getter that the network can call, not static and no indexer",
        "The encoder reads the property of every row.");

    public static readonly DiagnosticDescriptor TargetDoesNotFitLoss = Rule(
        "MLP0062",
        "A target must fit the loss",
        "'{0}' is {1}, which {2} cannot learn; it learns {3}",
        "BCE learns whether something is so (bool), CrossEntropy one class of several (an enum or text), the other losses learn numbers.");

    public static readonly DiagnosticDescriptor TargetCount = Rule(
        "MLP0063",
        "One output a target",
        "The output layer has {0} units, but {1}; write {2}",
        "Each target, or each class of one, has an output.");

    public static readonly DiagnosticDescriptor EnumOfOne = Rule(
        "MLP0064",
        "A category needs two members",
        "Enum '{0}' has {1} members, so '{2}' says nothing; use an enum of two or more, or remove the attribute",
        "What is the same in every row teaches nothing.");

    public static readonly DiagnosticDescriptor CycleOfNoUse = Rule(
        "MLP0065",
        "A cycle that the type has",
        "[Time] on '{0}', which is {1}, names {2}; it can be of {3}",
        "A date has no hour, and a time of day has no day.");

    public static readonly DiagnosticDescriptor SecondRole = Rule(
        "MLP0066",
        "One weight, one group, one time",
        "'{0}' is a second [{1}] beside '{2}'; remove one of them",
        "A row has one of each.");

    public static readonly DiagnosticDescriptor SecondColumn = Rule(
        "MLP0067",
        "Two properties cannot read one column",
        "'{0}' reads column '{1}' as '{2}' does; give one of them another Column",
        "A column of a file fills one property.");

    public static readonly DiagnosticDescriptor HiddenRecord = Rule(
        "MLP0068",
        "A network must not be more visible than its record",
        "'{0}' is less visible than network '{1}', whose members take it; make it internal or public, or the network as private",
        "Members that take a record cannot be called where the record is not seen.");

    public static readonly DiagnosticDescriptor NoSuchWeights = Rule(
        "MLP0070",
        "Weights are an item of the project",
        "'{0}' is no MlpWeights item of the project, which {1}; write the name of an item as it stands there, or add <MlpWeights Include=\"{0}\" />",
        "[Weights] takes the name by which the project includes the file.");

    public static readonly DiagnosticDescriptor WeightsTwice = Rule(
        "MLP0071",
        "Each item of weights stands once",
        "The project has {1} MlpWeights items called '{0}'; remove all but one",
        "A name stands for one file.");

    public static readonly DiagnosticDescriptor UnreadableWeights = Rule(
        "MLP0072",
        "Weights are a file that can be read",
        "Weights '{0}' cannot be read: {1}; name a file that Save has written, or another safetensors file of this network",
        "What Load would refuse when the program runs is refused when it is built.");

    public static readonly DiagnosticDescriptor DamagedWeights = Rule(
        "MLP0073",
        "Weights are undamaged",
        "Weights '{0}' are damaged: {1}; use another copy of the file",
        "The file's digest covers everything in it.");

    public static readonly DiagnosticDescriptor OtherTensors = Rule(
        "MLP0074",
        "Weights have the tensors of the network",
        "The tensors of '{0}' are not those of '{1}'{2}; rename them in the file, or save the network anew",
        "Tensors are called by the network's layers and tables.");

    public static readonly DiagnosticDescriptor OtherShape = Rule(
        "MLP0075",
        "Tensors have the shapes of the network's",
        "Tensor '{1}' of '{0}' {2}, and '{3}' needs {4}; declare the layer as the file has it, or save the network anew",
        "A layer's weight is [outputs, inputs].");

    public static readonly DiagnosticDescriptor OtherNetwork = Rule(
        "MLP0076",
        "Weights are those of the declared network",
        "'{0}' holds another network than '{1}': {2}",
        "A file names the architecture, and the columns of records, by which its network was trained.");

    public static readonly DiagnosticDescriptor OtherStatistics = Rule(
        "MLP0077",
        "Weights have the statistics that the network needs",
        "'{0}' {2}, and network '{1}' {3}",
        "Predictions depend on the statistics by which inputs and targets are scaled, or records are encoded.");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        NotPartial, ContainerNotPartial, Generic, Static, Abstract, Record, NotClass, FileLocal, PrimaryConstructor,
        MissingInput, NoDense, BceNeedsSigmoid, CrossEntropyNeedsSoftmax, OtherDeclaration,
        SizeTooSmall, SizeTooLarge, TooManyParameters, SoftmaxBeforeOutput, SoftmaxOfOne,
        DropoutRate, NoiseAfterOutput, SecondNoise,
        LayerNameNotIdentifier, LayerNameReserved, LayerNameDuplicate, UndefinedEnumValue, MemberCollision, ClassNameCollision,
        ConstructorNotChained, InheritedCollision, RequiredMember, BaseConstructor, GeneratedArgument,
        PoissonNeedsRates, NumberOutOfRange, UnusedSetting, ResidualWidths, ResidualOutput, LayerNormalizationOfOne,
        ClassWeightCount, ClassWeightsAllZero, GradientsWithoutLoss,
        DerivedNetwork, LanguageVersion, InGeneratedCode, TrainingWithoutLoss, UnreadableArgument, ScaledTargetsNeedLinear,
        TakenName, AllFrozen, EnsembleMembers,
        TwoInputs, RecordWithoutInputs, RecordWithoutTarget, UnsupportedColumnType, TwoColumnKinds, UnreadableProperty, TargetDoesNotFitLoss, TargetCount,
        EnumOfOne, CycleOfNoUse, SecondRole, SecondColumn, HiddenRecord,
        NoSuchWeights, WeightsTwice, UnreadableWeights, DamagedWeights, OtherTensors, OtherShape, OtherNetwork, OtherStatistics,
    ];

    /// <summary>
    /// An error that no pragma, option or attribute turns off, because such a network cannot work. <c>SuppressMessage</c> ignores diagnostics tagged as
    /// the compiler's.
    /// </summary>
    private static DiagnosticDescriptor Rule(string id, string title, string message, string description) => new(
        id, title, message, "MlpGen", DiagnosticSeverity.Error, isEnabledByDefault: true, description, $"{HelpBase}{id}.md",
        WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);
}
