using System.Text.Json;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests;

/// <summary>A command of the gallery module, as its scripts declare it.</summary>
/// <param name="Name">The name that scripts use.</param>
/// <param name="IsAdvanced">Whether it has common parameters and refuses what it does not know.</param>
/// <param name="Parameters">In the order of their declaration.</param>
public sealed record GalleryCommand(string Name, bool IsAdvanced, params GalleryParameter[] Parameters)
{
    public override string ToString() => Name;
}

/// <summary>A parameter of such a command.</summary>
/// <param name="Name">Its name; abbreviations of it are in use.</param>
/// <param name="Position">Its place, or null if it has to be named.</param>
/// <param name="IsMandatory">Whether the command asks for it.</param>
/// <param name="IsSwitch">Whether it takes no value.</param>
/// <param name="Set">The parameter set, or null if it is in all.</param>
public sealed record GalleryParameter(
    string Name, int? Position, bool IsMandatory, bool IsSwitch = false, string? Set = null);

/// <summary>The surface of the gallery module, version 1.0.0.34, for the commands that this module has.</summary>
public static class GallerySurface
{
    /// <summary>The facts, so that they are tested wherever the tests run.</summary>
    public static IReadOnlyList<GalleryCommand> Commands { get; } =
    [
        new("Disconnect-DrmmApi", false),
        new("Get-DrmmAccount", false),
        new("Get-DrmmAccountAlertsOpen", true, new GalleryParameter("muted", null, false, IsSwitch: true)),
        new("Get-DrmmAccountDevices", true, new GalleryParameter("FilterId", 0, false)),
        new("Get-DrmmAccountSites", true, new GalleryParameter("noDeletedDevices", null, false, IsSwitch: true)),
        new("Get-DrmmAlert", true, new GalleryParameter("alertUid", 0, true)),
        new("Get-DrmmDevice", true, new GalleryParameter("deviceUid", 0, true)),
        new("Get-DrmmSite", true, new GalleryParameter("siteUid", 0, true)),
        new(
            "Get-DrmmSiteDevices", true,
            new GalleryParameter("siteUid", 0, true), new GalleryParameter("FilterId", 1, false)),
        new(
            "New-ApiRequest", true,
            new GalleryParameter("apiMethod", 0, true),
            new GalleryParameter("apiRequest", 1, true),
            new GalleryParameter("apiRequestBody", 2, false)),
        new("Set-DrmmAlertResolve", true, new GalleryParameter("alertUid", 0, true)),
        new(
            "Set-DrmmApiParameters", true,
            new GalleryParameter("Url", null, true),
            new GalleryParameter("Key", null, true, Set: "Key"),
            new GalleryParameter("SecretKey", null, true, Set: "Key"),
            new GalleryParameter("Credential", null, true, Set: "Credential")),
    ];

    /// <summary>The same, as the reference file has it.</summary>
    public static IEnumerable<GalleryCommand> Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Paths.GallerySurface));
        return [.. document.RootElement.GetProperty("functions").EnumerateArray().Select(function => new GalleryCommand(
            function.GetProperty("name").GetString()!,
            function.GetProperty("advancedFunction").GetBoolean(),
            [.. function.GetProperty("parameters").EnumerateArray().Select(Parameter)]))];
    }

    private static GalleryParameter Parameter(JsonElement json)
    {
        string set = json.GetProperty("parameterSets")[0].GetProperty("name").GetString()!;
        JsonElement position = json.GetProperty("position");
        return new GalleryParameter(
            json.GetProperty("name").GetString()!,
            position.ValueKind == JsonValueKind.Null ? null : position.GetInt32(),
            json.GetProperty("mandatory").GetBoolean(),
            json.GetProperty("isSwitch").GetBoolean(),
            set == "__AllParameterSets" ? null : set);
    }
}
