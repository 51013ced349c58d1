namespace Generator.Tests.Infrastructure;

/// <summary>The rules of ONNX that its own checker holds, and what it infers of shapes, for the operators that our files have.</summary>
internal sealed class OnnxRules
{
    private const int LatestSet = 17;

    /// <summary>Stands for the number of rows in shapes.</summary>
    private const int Rows = -1;

    /// <summary>Each operator: the set since which it has the form that is used here, how many inputs it takes, and its attributes.</summary>
    private static readonly Dictionary<string, (int Since, int Inputs, string[] Attributes)> Operators = new()
    {
        ["Abs"] = (13, 1, []),
        ["Add"] = (13, 2, []),
        ["Cast"] = (13, 1, ["to"]),
        ["Concat"] = (13, 0, ["axis"]),
        ["Div"] = (13, 2, []),
        ["Elu"] = (6, 1, ["alpha"]),
        ["Equal"] = (13, 2, []),
        ["Erf"] = (13, 1, []),
        ["Exp"] = (13, 1, []),
        ["Gather"] = (13, 2, ["axis"]),
        ["GreaterOrEqual"] = (12, 2, []),
        ["HardSigmoid"] = (6, 1, ["alpha", "beta"]),
        ["LeakyRelu"] = (6, 1, ["alpha"]),
        ["MatMul"] = (13, 2, []),
        ["Mul"] = (13, 2, []),
        ["PRelu"] = (9, 2, []),
        ["ReduceMean"] = (13, 1, ["axes", "keepdims"]),
        ["Relu"] = (13, 1, []),
        ["Selu"] = (6, 1, []),
        ["Sigmoid"] = (13, 1, []),
        ["Sign"] = (13, 1, []),
        ["Slice"] = (13, 4, []),
        ["Softmax"] = (13, 1, ["axis"]),
        ["Softplus"] = (1, 1, []),
        ["Softsign"] = (1, 1, []),
        ["Sqrt"] = (13, 1, []),
        ["Sub"] = (13, 2, []),
        ["Tanh"] = (13, 1, []),
        ["Where"] = (9, 3, []),
    };

    private readonly OnnxModel _model;
    private readonly Dictionary<string, int[]> _shapes = [];
    private readonly Dictionary<string, OnnxTensor> _constants;

    private OnnxRules(OnnxModel model)
    {
        _model = model;
        _constants = model.Constants.ToDictionary(static constant => constant.Name);
    }

    /// <summary>Checks a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="inputs">Columns of the input.</param>
    /// <param name="outputs">Columns of the output.</param>
    public static OnnxModel Check(byte[] file, int inputs, int outputs)
    {
        OnnxModel model = OnnxModel.Read(file);
        new OnnxRules(model).Check(inputs, outputs);
        return model;
    }

    private void Check(int inputs, int outputs)
    {
        Assert.True(_model.KnowsAll);
        Assert.NotEqual("", _model.GraphName);
        (string domain, long set) = Assert.Single(_model.Sets);
        Assert.Equal("", domain);
        Assert.InRange(set, 7, LatestSet);

        // Sets 7 to 17 came with the versions 3 to 8 of the format.
        Assert.InRange(_model.IrVersion, set switch { <= 8 => 3, 9 => 4, 10 => 5, 11 => 6, 12 or 13 or 14 => 7, _ => 8 }, 8);
        AssertRows(Assert.Single(_model.Inputs), "input", inputs);
        AssertRows(Assert.Single(_model.Outputs), "output", outputs);
        _shapes.Add("input", [Rows, inputs]);
        foreach (OnnxTensor constant in _model.Constants)
        {
            Assert.Contains(constant.Type, (ulong[])[OnnxTensor.Float, OnnxTensor.Int64]);
            Assert.Equal(constant.Shape.Aggregate(1, static (a, b) => a * b) * (constant.Type == OnnxTensor.Float ? 4 : 8), constant.Bytes.Length);
            Define(constant.Name, constant.Shape);
        }

        foreach (OnnxNode node in _model.Nodes)
        {
            CheckNode(node, set);
        }

        Assert.Equal([Rows, outputs], _shapes["output"]);

        // Nothing is there in vain, and no two nodes share a name.
        HashSet<string> used = [.. _model.Nodes.SelectMany(static node => node.Inputs), "output"];
        Assert.All(_shapes.Keys, name => Assert.Contains(name, used));
        Assert.Distinct(_model.Nodes.Select(static node => node.Name));
    }

    private static void AssertRows(OnnxValue value, string name, int columns)
    {
        Assert.Equal((name, OnnxTensor.Float, 2, "batch", columns), (value.Name, value.Type, value.Dimensions, value.Rows, value.Columns));
    }

    private void CheckNode(OnnxNode node, long set)
    {
        Assert.True(Operators.TryGetValue(node.Operator, out (int Since, int Inputs, string[] Attributes) rule), $"{node} is unknown.");
        Assert.Equal("", node.Domain);
        Assert.True(rule.Since <= set, $"{node} is of set {rule.Since}.");
        Assert.True(rule.Inputs == 0 || rule.Inputs == node.Inputs.Count, $"{node} has {node.Inputs.Count} inputs.");
        Assert.Subset(rule.Attributes.ToHashSet(), node.Attributes.Keys.ToHashSet());
        Assert.All(node.Inputs, input => Assert.True(_shapes.ContainsKey(input), $"{node} comes before its input '{input}'."));
        Define(Assert.Single(node.Outputs), ShapeOf(node, [.. node.Inputs.Select(input => _shapes[input])]));
    }

    private void Define(string name, int[] shape)
    {
        Assert.NotEqual("", name);
        Assert.True(_shapes.TryAdd(name, shape), $"'{name}' is made twice.");
    }

    private int[] ShapeOf(OnnxNode node, int[][] inputs) => node.Operator switch
    {
        "MatMul" => Product(node, inputs[0], inputs[1]),
        "ReduceMean" => Reduced(inputs[0], Assert.Single((long[])node.Attributes["axes"]), node.Attributes.GetValueOrDefault("keepdims", 1L).Equals(1L)),
        "Gather" => [.. inputs[0][..Axis(node)], .. inputs[1], .. inputs[0][(Axis(node) + 1)..]],
        "Slice" => Sliced(node, inputs[0]),
        "Concat" => [inputs[0][0], inputs.Sum(static shape => shape[1])],
        _ => inputs.Aggregate((a, b) => Broadcast(node, a, b)),
    };

    private static int Axis(OnnxNode node) => (int)(long)node.Attributes["axis"];

    private int[] Sliced(OnnxNode node, int[] shape)
    {
        long[] numbers = [.. node.Inputs.Skip(1).Select(input => Assert.Single(_constants[input].Integers))];
        Assert.Equal(1, numbers[2]);
        Assert.True(0 <= numbers[0] && numbers[0] < numbers[1] && numbers[1] <= shape[1], $"{node} takes {numbers[0]} to {numbers[1]} of {shape[1]}.");
        return [shape[0], (int)(numbers[1] - numbers[0])];
    }

    private static int[] Reduced(int[] shape, long axis, bool keeps)
    {
        int at = (int)(axis < 0 ? axis + shape.Length : axis);
        return [.. shape[..at], .. keeps ? [1] : (int[])[], .. shape[(at + 1)..]];
    }

    private static int[] Product(OnnxNode node, int[] left, int[] right)
    {
        Assert.True(left.Length >= 2 && right.Length >= 2 && left[^1] == right[^2], $"{node} multiplies [{string.Join(", ", left)}] and [{string.Join(", ", right)}].");
        return [.. Broadcast(node, left[..^2], right[..^2]), left[^2], right[^1]];
    }

    private static int[] Broadcast(OnnxNode node, int[] left, int[] right)
    {
        int[] shape = new int[Math.Max(left.Length, right.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int a = i <= left.Length ? left[^i] : 1;
            int b = i <= right.Length ? right[^i] : 1;
            Assert.True(a == b || a == 1 || b == 1, $"{node} joins [{string.Join(", ", left)}] and [{string.Join(", ", right)}].");
            shape[^i] = a == 1 ? b : a;
        }

        return shape;
    }
}
