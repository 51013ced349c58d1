using System.Text.Json;

namespace Mlp.Tool;

/// <summary>Lists of texts in metadata.</summary>
internal static class JsonTexts
{
    /// <summary>The texts of a JSON list.</summary>
    /// <param name="json">The list.</param>
    /// <param name="key">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no list of texts.</exception>
    public static string[] Parse(string json, string key)
    {
        try
        {
            using JsonDocument list = JsonDocument.Parse(json);
            return [.. list.RootElement.EnumerateArray().Select(static text => text.GetString() ?? "")];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{key}' of the metadata is no list of texts", error);
        }
    }
}
