using System.Globalization;
using System.Text.Json.Nodes;

namespace DattoRMM.Tests.Gallery;

/// <summary>A value for a parameter.</summary>
/// <param name="Script">How a script writes it.</param>
/// <param name="Json">What it is in a body; null is JSON's null.</param>
/// <param name="IsBound">Whether the parameter is given at all.</param>
internal sealed record GallerySample(string Script, JsonNode? Json, bool IsBound = true)
{
    /// <summary>No value.</summary>
    internal static GallerySample Unbound { get; } = new("", null, IsBound: false);

    /// <summary>A switch that is not given.</summary>
    internal static GallerySample Off { get; } = Unbound with { Json = false };

    /// <summary>What it is in a path or a query.</summary>
    internal string Text => Plain(Json);

    /// <summary>A text.</summary>
    internal static GallerySample Of(string text) => new($"'{text.Replace("'", "''")}'", text);

    /// <summary>A number.</summary>
    internal static GallerySample Of(long number) => new(number.ToString(CultureInfo.InvariantCulture), number);

    /// <summary>A list.</summary>
    internal static GallerySample Of(params GallerySample[] elements) => new(
        $"({string.Join(", ", elements.Select(element => element.Script))})",
        new JsonArray([.. elements.Select(element => element.Json?.DeepClone())]));

    private static string Plain(JsonNode? json) => json switch
    {
        null => "",
        JsonArray elements => string.Join(',', elements.Select(Plain)),
        _ => json.ToString(),
    };
}
