using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Names of the dense layers: the user's, or <c>Layer1</c>, <c>Layer2</c>, … by place.</summary>
internal static class LayerNames
{
    /// <summary>A name for each layer, all different and fit to be a member, whatever the user wrote.</summary>
    public static string[] Read(NetworkAttribute[] dense, string className, ProblemList problems)
    {
        string?[] wanted = [.. dense.Select((attribute, index) => ReadName(attribute, className, problems))];
        Dictionary<string, int> owners = new(StringComparer.Ordinal);
        string[] names = new string[dense.Length];

        // Layers without a name come first: of two that clash, the named one is where the user can change something.
        foreach (int index in Enumerable.Range(0, dense.Length).OrderBy(index => wanted[index] is null ? 0 : 1))
        {
            string name = wanted[index] ?? MemberNames.DefaultLayer(index + 1);
            if (owners.TryGetValue(name, out int owner))
            {
                problems.Add(
                    Descriptors.LayerNameDuplicate,
                    dense[index].PlaceOfProperty("Name"),
                    LayerReader.Format(Math.Min(owner, index) + 1), LayerReader.Format(Math.Max(owner, index) + 1), name);
                for (name = MemberNames.DefaultLayer(index + 1); owners.ContainsKey(name); name += "_")
                {
                }
            }

            owners.Add(name, index);
            names[index] = name;
        }

        return names;
    }

    private static string? ReadName(NetworkAttribute dense, string className, ProblemList problems)
    {
        string? name = dense.Text("Name");
        if (name is null)
        {
            return null;
        }

        if (!CSharpName.IsIdentifier(name))
        {
            problems.Add(Descriptors.LayerNameNotIdentifier, dense.PlaceOfProperty("Name"), name);
            return null;
        }

        if (MemberNames.WhyReserved(name, className) is string reason)
        {
            problems.Add(Descriptors.LayerNameReserved, dense.PlaceOfProperty("Name"), name, reason);
            return null;
        }

        return name;
    }
}
