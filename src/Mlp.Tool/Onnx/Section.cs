namespace Mlp.Tool;

/// <summary>Nodes that nothing but one value leads into, and nothing but one out of.</summary>
/// <param name="Nodes">The nodes, in the order in which they compute.</param>
/// <param name="From">The value that they take.</param>
/// <param name="To">The value that they make.</param>
internal sealed record Section(IReadOnlyList<OnnxNode> Nodes, string From, string To)
{
    /// <summary>Cuts nodes at every value that all later ones depend on through it alone.</summary>
    public static List<Section> Cut(IReadOnlyList<OnnxNode> nodes, string start, string end)
    {
        Dictionary<string, int> lastUse = [];
        for (int at = 0; at < nodes.Count; at++)
        {
            foreach (string input in nodes[at].Inputs)
            {
                lastUse[input] = at;
            }
        }

        lastUse[end] = nodes.Count;
        List<Section> sections = [];
        HashSet<string> open = [start];
        string from = start;
        int first = 0;
        for (int at = 0; at < nodes.Count; at++)
        {
            open.RemoveWhere(name => lastUse.GetValueOrDefault(name) <= at);
            open.UnionWith(nodes[at].Outputs.Where(lastUse.ContainsKey));
            if (open.Count == 1)
            {
                string to = open.Single();
                sections.Add(new Section([.. nodes.Skip(first).Take(at + 1 - first)], from, to));
                (from, first) = (to, at + 1);
            }
        }

        return sections;
    }

    /// <summary>What is said of a section that no network has.</summary>
    public InvalidDataException Unknown() => Nodes is [OnnxNode node]
        ? new($"{node}: with these attributes and at this place it is no part of a dense layer")
        : new($"what {Nodes.Count} nodes make of '{QuotedText.Of(From)}' is no part of a dense layer; the last of them is {Nodes[^1]}");
}
