using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests.Gallery;

/// <summary>
/// A request in the form in which two of the same meaning are equal: no slash at the end of the path, parameters and
/// fields sorted, a parameter that comes several times in one list, no <c>muted=false</c>.
/// </summary>
internal static partial class GallerySent
{
    /// <summary>A request that was received.</summary>
    internal static string Of(Received request) => Line(
        request.Method,
        request.Path,
        request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Decoded(pair[0]), Decoded(pair[1]))),
        request.IsLogin || request.Body.Length == 0 ? request.Body : JsonNode.Parse(request.Body));

    /// <summary>A request that the gallery module would send.</summary>
    /// <param name="request">What is known of it.</param>
    /// <param name="value">The value of a placeholder, bound or not.</param>
    internal static string Of(GalleryRequest request, Func<string, GallerySample> value)
    {
        string path = Filled(request.Path, value);
        return Line(
            Filled(request.Method, value),
            path.StartsWith("/auth/", StringComparison.Ordinal) ? path : "/api" + path,
            request.Query
                .Where(pair => IsSent(pair.Value, value))
                .Select(pair => KeyValuePair.Create(pair.Key, Filled(pair.Value.Trim('[', ']'), value))),
            Body(request.Body, value));
    }

    private static string Line(
        string method, string path, IEnumerable<KeyValuePair<string, string>> query, JsonNode? body)
    {
        IEnumerable<string> pairs = query.GroupBy(pair => pair.Key, pair => pair.Value)
            .Select(group => (Name: group.Key, Value: string.Join(',', group)))
            .Where(pair => !(pair.Name == "muted" && IsFalse(pair.Value)))
            .Select(pair => $"{pair.Name}={(pair.Name == "muted" ? pair.Value.ToLowerInvariant() : pair.Value)}")
            .Order(StringComparer.Ordinal);
        string text = body is JsonValue plain ? plain.ToString() : Sorted(body)?.ToJsonString(JsonText.Readable) ?? "";
        return $"{method} {path.TrimEnd('/')}?{string.Join('&', pairs)} {text}";
    }

    private static JsonNode? Body(JsonNode? body, Func<string, GallerySample> value) => body switch
    {
        JsonObject => Field(body, value),
        null => null,
        // A text as the caller gave it, or a form.
        _ when !IsSent(body.ToString(), value) => null,
        _ when Whole().IsMatch(body.ToString()) => JsonNode.Parse(Value(body.ToString(), value).Text),
        _ => Filled(body.ToString(), value),
    };

    private static JsonNode? Field(JsonNode? field, Func<string, GallerySample> value) =>
        field is JsonObject fields
            ? new JsonObject(fields
                .Where(pair => pair.Value is JsonObject || IsSent(pair.Value!.ToString(), value))
                .Select(pair => KeyValuePair.Create(pair.Key, Field(pair.Value, value))))
            : Value(field!.ToString(), value).Json?.DeepClone();

    /// <summary>What stands in brackets is sent only if it is bound.</summary>
    private static bool IsSent(string template, Func<string, GallerySample> value) =>
        !template.StartsWith('[') || Value(template, value).IsBound;

    private static GallerySample Value(string template, Func<string, GallerySample> value) =>
        value(Placeholder().Match(template).Groups["name"].Value);

    private static string Filled(string template, Func<string, GallerySample> value) =>
        Placeholder().Replace(template, match => value(match.Groups["name"].Value).Text);

    private static bool IsFalse(string text) => text.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray elements => new JsonArray([.. elements.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\[?\{(?<name>\w+)\}\]?$")]
    private static partial Regex Whole();
}
