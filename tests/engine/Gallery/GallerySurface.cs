using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests.Gallery;

/// <summary>What the scripts of the gallery module, version 1.0.0.34, declare and do.</summary>
/// <param name="Aliases">Each alias and the command that it stands for.</param>
/// <param name="Commands">In alphabetical order.</param>
public sealed record GallerySurface(
    IReadOnlyDictionary<string, string> Aliases, IReadOnlyList<GalleryCommand> Commands)
{
    /// <summary>Where the facts are kept, so that they are tested wherever the tests run.</summary>
    public const string File = "tests/engine/Data/gallery-surface.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly Lazy<GallerySurface> s_facts = new(() =>
        JsonSerializer.Deserialize<GallerySurface>(
            System.IO.File.ReadAllText(Path.Combine(Paths.Root, File)), s_json)!);

    /// <summary>The facts.</summary>
    public static GallerySurface Facts => s_facts.Value;

    /// <summary>The command of this name.</summary>
    public static GalleryCommand Command(string name) => Facts.Commands.Single(command => command.Name == name);

    /// <summary>The facts as they are kept: a line for each parameter and each request.</summary>
    public string ToJson() => Print(JsonSerializer.SerializeToNode(this, s_json)!, 0) + "\n";

    private static string Print(JsonNode? node, int depth)
    {
        const int deepest = 4;
        IEnumerable<string>? inside = depth >= deepest ? null : node switch
        {
            JsonObject { Count: > 0 } fields =>
                fields.Select(field => $"\"{field.Key}\": {Print(field.Value, depth + 1)}"),
            JsonArray { Count: > 0 } elements => elements.Select(element => Print(element, depth + 1)),
            _ => null,
        };
        if (inside == null)
        {
            return node?.ToJsonString(JsonText.Readable) ?? "null";
        }
        (char open, char close) = node is JsonArray ? ('[', ']') : ('{', '}');
        string indent = new(' ', 2 * (depth + 1));
        return $"{open}\n{indent}{string.Join($",\n{indent}", inside)}\n{indent[2..]}{close}";
    }
}

/// <summary>A command of the gallery module.</summary>
/// <param name="Name">The name that scripts use.</param>
/// <param name="IsAdvanced">Whether it has common parameters and refuses what it does not know.</param>
/// <param name="Parameters">In the order of their declaration.</param>
/// <param name="Requests">What it sends, in this order; some only under a condition.</param>
/// <param name="Output">What it gives.</param>
/// <param name="Items">The field of a page that holds the items that it gives, or null.</param>
public sealed record GalleryCommand(
    string Name,
    bool IsAdvanced,
    IReadOnlyList<GalleryParameter> Parameters,
    IReadOnlyList<GalleryRequest> Requests,
    GalleryOutput Output,
    string? Items)
{
    /// <summary>The parameter of this name.</summary>
    public GalleryParameter Parameter(string name) => Parameters.Single(parameter => parameter.Name == name);

    public override string ToString() => Name;
}

/// <summary>A parameter of such a command.</summary>
/// <param name="Name">Its name; abbreviations of it are in use.</param>
/// <param name="Type">Its type's full name; <c>System.Object</c> if it declares none.</param>
/// <param name="Position">Its place, or null if it has to be named.</param>
/// <param name="Sets">Its parameter sets, and whether it is mandatory in each.</param>
/// <param name="Values">The values it takes, or none if it takes any.</param>
/// <param name="FromPipeline">Whether it takes what is piped in.</param>
public sealed record GalleryParameter(
    string Name,
    string Type,
    int? Position,
    IReadOnlyDictionary<string, bool> Sets,
    IReadOnlyList<string> Values,
    bool FromPipeline)
{
    /// <summary>The name of the set of a parameter that is in all of them.</summary>
    public const string AllSets = "__AllParameterSets";

    [JsonIgnore]
    public bool IsSwitch => Type == "System.Management.Automation.SwitchParameter";

    /// <summary>Whether it can be given in a set.</summary>
    public bool IsIn(string set) => Sets.ContainsKey(set) || Sets.ContainsKey(AllSets);

    /// <summary>Whether it has to be given in a set.</summary>
    public bool IsMandatoryIn(string set) => Sets.GetValueOrDefault(set) || Sets.GetValueOrDefault(AllSets);
}

/// <summary>
/// A request of such a command. <c>{x}</c> stands for the value of parameter x, <c>{N}</c> for the number of a page;
/// what is in brackets is sent only if that parameter is bound.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below <c>/api</c>, or that of the token request.</param>
/// <param name="Query">The query's names and values.</param>
/// <param name="Body">The body: fields, or a text.</param>
/// <param name="When">The values that parameters must have for it to be sent; null is «not bound».</param>
public sealed record GalleryRequest(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Query,
    JsonNode? Body,
    IReadOnlyDictionary<string, string?> When);

/// <summary>What a command gives.</summary>
public enum GalleryOutput
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The items of all pages, one by one.</summary>
    Items,

    /// <summary>Those items, changed.</summary>
    ReshapedItems,

    /// <summary>The answer as an object, or nothing if it is empty.</summary>
    Parsed,

    /// <summary>The answer's text, also if it is empty.</summary>
    Text,

    /// <summary>The token's text.</summary>
    Token,

    /// <summary>The object that was piped in.</summary>
    Input,

    /// <summary>An error that ends the script.</summary>
    Thrown,
}
