using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DattoRMM.Tests.Gallery;

/// <summary>
/// Reads the reference file about the gallery module and keeps what the tests need. It describes some things in words;
/// what no rule here understands is an error, so that no fact gets lost.
/// </summary>
internal sealed partial class GalleryReference
{
    private readonly JsonElement _root;

    private GalleryReference(JsonElement root) => _root = root;

    /// <summary>The facts that this file holds.</summary>
    internal static GallerySurface Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return new GalleryReference(document.RootElement).Surface();
    }

    private GallerySurface Surface()
    {
        JsonElement exports = _root.GetProperty("exports");
        GalleryCommand[] commands =
            [.. Functions.Select(Command).OrderBy(command => command.Name, StringComparer.Ordinal)];
        IEnumerable<string> exported = Strings(exports.GetProperty("functions"));
        if (!exported.Order(StringComparer.Ordinal).SequenceEqual(commands.Select(command => command.Name)))
        {
            throw new FormatException("the exports are not the functions that are described");
        }
        return new GallerySurface(
            exports.GetProperty("aliases").EnumerateObject()
                .ToDictionary(alias => alias.Name, alias => alias.Value.GetString()!),
            commands);
    }

    private IEnumerable<JsonElement> Functions => _root.GetProperty("functions").EnumerateArray();

    private GalleryCommand Command(JsonElement function)
    {
        GalleryParameter[] parameters = [.. function.GetProperty("parameters").EnumerateArray().Select(Parameter)];
        return new GalleryCommand(
            Text(function, "name")!,
            function.GetProperty("advancedFunction").GetBoolean(),
            parameters,
            [.. function.GetProperty("rest").EnumerateArray().Select(request => Request(request, parameters))],
            Output(Text(function, "returns")!),
            Text(function, "pageElement"));
    }

    private static GalleryParameter Parameter(JsonElement json) => new(
        Text(json, "name")!,
        Text(json, "type")!,
        json.GetProperty("position") is { ValueKind: JsonValueKind.Number } position ? position.GetInt32() : null,
        json.GetProperty("parameterSets").EnumerateArray()
            .ToDictionary(set => Text(set, "name")!, set => set.GetProperty("mandatory").GetBoolean()),
        [.. Strings(json.GetProperty("validateSet"))],
        json.GetProperty("valueFromPipeline").GetBoolean());

    private static GalleryOutput Output(string returns) => returns switch
    {
        _ when returns.StartsWith("items of response.") =>
            returns.Contains("reshaped") ? GalleryOutput.ReshapedItems : GalleryOutput.Items,
        _ when returns.StartsWith("nothing") => GalleryOutput.Nothing,
        _ when returns.StartsWith("the raw response text") => GalleryOutput.Text,
        _ when returns.StartsWith("response body text") => GalleryOutput.Text,
        _ when returns.StartsWith("the input") => GalleryOutput.Input,
        _ when returns.StartsWith("always throws") => GalleryOutput.Thrown,
        _ when returns.StartsWith("access_token") => GalleryOutput.Token,
        _ when returns.StartsWith("JobResults") || returns.Contains("ConvertFrom-Json") => GalleryOutput.Parsed,
        _ => throw new FormatException($"returns «{returns}»?"),
    };

    private GalleryRequest Request(JsonElement json, GalleryParameter[] parameters)
    {
        if (json.TryGetProperty("body", out JsonElement body) && body.ValueKind == JsonValueKind.String
            && Via().Match(body.GetString()!) is { Success: true } via)
        {
            JsonElement other = Functions.Single(function => Text(function, "name") == via.Groups["name"].Value);
            return Request(other.GetProperty("rest")[0], parameters);
        }
        JsonNode? sent = body.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(body.GetRawText());
        return new GalleryRequest(
            Text(json, "method")!,
            // What follows the path says where it is.
            Text(json, "path")!.Replace("{ApiUrl}/api", "").Split(' ')[0],
            Query(Text(json, "query") ?? ""),
            Body(sent, null, parameters),
            When(Text(json, "when")));
    }

    private static Dictionary<string, string> Query(string query)
    {
        const string allOptional = " (each only when set; '?' always present)";
        bool optional = query.EndsWith(allOptional, StringComparison.Ordinal);
        string plain = optional ? query[..^allOptional.Length] : query;
        Dictionary<string, string> result = [];
        foreach (Match pair in Pair().Matches(plain))
        {
            string name = pair.Groups["name"].Value;
            // {True|False} is the switch of the same name; {x,} and {x UTC …} are the value of x.
            string value = pair.Groups["value"].Value.Replace("True|False", name);
            value = Placeholder().Replace(value, "{$1}");
            result.Add(name, optional || pair.Groups["optional"].Success ? $"[{value}]" : value);
        }
        return Pair().Replace(plain, "").Length == 0 ? result : throw new FormatException($"query «{query}»?");
    }

    /// <summary>A body, or the value of one of its fields.</summary>
    private static JsonNode? Body(JsonNode? body, string? field, GalleryParameter[] parameters)
    {
        if (body is JsonObject fields)
        {
            return new JsonObject(fields.Select(pair =>
                KeyValuePair.Create(pair.Key, Body(pair.Value, pair.Key, parameters))));
        }
        if (body == null)
        {
            return null;
        }
        string text = body.GetValue<string>();
        return (field, text) switch
        {
            (null, "only bound udf1..udf30") => new JsonObject(parameters
                .Where(parameter => parameter.Name.StartsWith("udf"))
                .Select(udf => KeyValuePair.Create(udf.Name, (JsonNode?)$"[{{{udf.Name}}}]"))),
            (null, _) when text.StartsWith("apiRequestBody as UTF-8 bytes") => "[{apiRequestBody}]",
            (null, _) when text.StartsWith("grant_type=") => text.Split(',')[0],
            ({ } name, "if bound" or "[bool] if bound" or "true if the switch is bound") =>
                $"[{{{Of(name, parameters)}}}]",
            ({ } name, "true|false") => $"{{{Of(name, parameters)}}}",
            (_, "{uid found by name}") => "{ComponentName}",
            (_, "[{name,value}...] or null") => "{variables}",
            (not null, _) when Whole().IsMatch(text) => text,
            _ => throw new FormatException($"body «{text}»?"),
        };
    }

    /// <summary>The parameter that a field of a body is about: <c>description</c> is <c>siteDescription</c>.</summary>
    private static string Of(string field, GalleryParameter[] parameters) =>
        parameters.Single(parameter => parameter.Name.EndsWith(field, StringComparison.OrdinalIgnoreCase)).Name;

    private static Dictionary<string, string?> When(string? when) => when?.Split(' ') switch
    {
        null => [],
        ["no", { } parameter] => new() { [parameter] = null },
        [{ } parameter, { } value] => new() { [parameter] = value },
        _ => throw new FormatException($"when «{when}»?"),
    };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static IEnumerable<string> Strings(JsonElement array) =>
        array.EnumerateArray().Select(element => element.GetString()!);

    [GeneratedRegex("^via (?<name>[A-Za-z-]+)$")]
    private static partial Regex Via();

    [GeneratedRegex(@"&?(?<optional>\[)?&?(?<name>\w+)=(?<value>\{[^}]*\}|[^&\[{]+)\]?")]
    private static partial Regex Pair();

    [GeneratedRegex(@"\{(\w+)[ ,][^}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\{\w+\}$")]
    private static partial Regex Whole();
}
