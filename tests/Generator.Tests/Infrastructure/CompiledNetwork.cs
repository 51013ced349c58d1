using System.Reflection;

namespace Generator.Tests.Infrastructure;

/// <summary>An instance of a generated class. Its members are bound by their contract names and called as fast as user code would.</summary>
internal sealed class CompiledNetwork
{
    public CompiledNetwork(object instance)
    {
        Instance = instance;
        if (instance is INetwork network)
        {
            // Those of a new network, 0 and 1, or what a test puts in their place: what is tested is what comes after.
            network.State.Standardization.IsLearned = true;
        }
    }

    public CompiledNetwork(Type type, int seed = 0) : this(Activator.CreateInstance(type, seed)!)
    {
    }

    public object Instance { get; }

    public Type Type => Instance.GetType();

    public NetworkState State => ((INetwork)Instance).State;

    public int ParameterCount => Constant("ParameterCount");

    /// <summary>Rows of inputs to rows of outputs.</summary>
    public Action<ReadOnlySpan<float>, Span<float>> Predict => field ??= Bind<Action<ReadOnlySpan<float>, Span<float>>>("Predict");

    /// <summary>The single row's form of a network with one output.</summary>
    public Func<ReadOnlySpan<float>, float> PredictValue => field ??= Bind<Func<ReadOnlySpan<float>, float>>("Predict");

    /// <summary>The single row's form of a network with several outputs.</summary>
    public Func<ReadOnlySpan<float>, float[]> PredictVector => field ??= Bind<Func<ReadOnlySpan<float>, float[]>>("Predict");

    public Func<ReadOnlySpan<float>, int> PredictClass => field ??= Bind<Func<ReadOnlySpan<float>, int>>("PredictClass");

    public Func<ReadOnlySpan<float>, ReadOnlySpan<float>, Optimizer, float> TrainStep =>
        field ??= Bind<Func<ReadOnlySpan<float>, ReadOnlySpan<float>, Optimizer, float>>("TrainStep");

    public Func<ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, float> ComputeGradients =>
        field ??= Bind<Func<ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, float>>("ComputeGradients");

    /// <summary>Mean loss and its gradient with respect to the inputs.</summary>
    public Func<ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, float> InputGradients =>
        field ??= Bind<Func<ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, float>>("InputGradients");

    /// <summary>Derivatives of every output with respect to every input of its row.</summary>
    public Action<ReadOnlySpan<float>, Span<float>> Jacobian => field ??= Bind<Action<ReadOnlySpan<float>, Span<float>>>("InputGradients");

    public Action<ReadOnlySpan<float>, Optimizer> ApplyGradients => field ??= Bind<Action<ReadOnlySpan<float>, Optimizer>>("ApplyGradients");

    public Action<Span<float>> CopyParametersTo => field ??= Bind<Action<Span<float>>>("CopyParametersTo");

    public Action<ReadOnlySpan<float>> LoadParameters => field ??= Bind<Action<ReadOnlySpan<float>>>("LoadParameters");

    public float[] Parameters
    {
        get
        {
            float[] parameters = new float[ParameterCount];
            CopyParametersTo(parameters);
            return parameters;
        }
    }

    public int Constant(string name) =>
        (int)(Type.GetField(name, BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() ?? throw new MissingFieldException(Type.Name, name));

    /// <summary>The public method of this name that takes and returns what the delegate does.</summary>
    public TDelegate Bind<TDelegate>(string name) where TDelegate : Delegate
    {
        MethodInfo shape = typeof(TDelegate).GetMethod("Invoke")!;
        MethodInfo? method = Type.GetMethod(name, BindingFlags.Public | BindingFlags.Instance, [.. shape.GetParameters().Select(static parameter => parameter.ParameterType)]);
        return method?.ReturnType == shape.ReturnType
            ? method.CreateDelegate<TDelegate>(Instance)
            : throw new MissingMethodException($"{Type.Name} has no {shape.ReturnType} {name}({string.Join(", ", shape.GetParameters().AsEnumerable())}).");
    }

    /// <summary>Compiles the networks, some dozens to an assembly: each compilation has to bind the framework first.</summary>
    /// <returns>The classes in the order of the networks.</returns>
    public static IReadOnlyList<Type> Compile(IEnumerable<TestNetwork> networks, ProjectOptions? project = null) =>
    [
        .. networks.Chunk(25).SelectMany(chunk =>
        {
            string source = string.Join("\n", chunk.Select(static network => network.ToSource()));
            Assembly assembly = GeneratorHarness.Run(source, project: project).Load();
            return chunk.Select(network => assembly.GetType(network.Name, throwOnError: true)!);
        }),
    ];

    /// <summary>Compiles the networks of a source text as a user would write it.</summary>
    /// <returns>The class of the given full name.</returns>
    public static Type Compile(string source, string name) => GeneratorHarness.Run(source).Load().GetType(name, throwOnError: true)!;
}
