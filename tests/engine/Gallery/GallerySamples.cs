using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests.Gallery;

/// <summary>Values for the parameters of the gallery module's commands that mean something to a simulator.</summary>
internal sealed class GallerySamples
{
    private readonly Simulator _sim;
    private readonly DateTime _now = DateTime.UtcNow;
    private readonly Lazy<JsonElement[]> _devices;
    private readonly Lazy<JsonElement[]> _sites;
    private readonly Lazy<JsonElement> _job;
    private readonly Lazy<string> _alertUid;
    private readonly Lazy<GallerySample> _alert;
    private readonly Dictionary<string, long> _variables = [];
    private readonly Lazy<JsonElement> _component;

    /// <param name="sim">Whose data they are.</param>
    /// <param name="engine">Where scripts find those that have no literal.</param>
    internal GallerySamples(Simulator sim, Engine engine)
    {
        _sim = sim;
        _devices = new(() => Items("account/devices", "devices"));
        _sites = new(() => Items("account/sites", "sites"));
        _alertUid = new(() => Text(Items("account/alerts/open", "alerts")[0], "alertUid"));
        _alert = new(() =>
        {
            engine.Run("$alert = (Get-DrmmAlert)[0]");
            return new GallerySample("$alert", null);
        });
        // It has a variable, and writes to both streams.
        _component = new(() => Items("account/components", "components")
            .First(component => Text(component, "name").StartsWith("Always Fails")));
        _job = new(() => sim.Write(HttpMethod.Put, $"device/{DeviceUid("device")}/quickjob", new JsonObject
        {
            ["jobName"] = "sample",
            ["jobComponent"] = new JsonObject { ["componentUid"] = Text(_component.Value, "uid") },
        }).GetProperty("job"));
        engine["credential"] = new PSCredential(sim.Key, new NetworkCredential("", sim.Secret).SecurePassword);
    }

    /// <summary>The arguments of a call: each parameter by its name.</summary>
    internal string Arguments(GalleryCase one) =>
        string.Join(' ', one.Bound.Select(pair => Argument(one, one.Command.Parameter(pair.Key))));

    /// <summary>One argument of a call, under its parameter's name or an abbreviation of it.</summary>
    internal string Argument(GalleryCase one, GalleryParameter parameter, string? name = null) =>
        parameter.IsSwitch ? $"-{name ?? parameter.Name}" : $"-{name ?? parameter.Name} {Of(one, parameter).Script}";

    /// <summary>The value of a parameter in a call.</summary>
    internal GallerySample Of(GalleryCase one, GalleryParameter parameter) => parameter.Name switch
    {
        _ when parameter.IsSwitch => new GallerySample("", true),
        "Url" => GallerySample.Of(_sim.Url),
        "Key" => GallerySample.Of(_sim.Key),
        "SecretKey" => GallerySample.Of(_sim.Secret),
        "Credential" => new GallerySample("$credential", null),
        "deviceUid" => GallerySample.Of(DeviceUid(one.Command.Name switch
        {
            "Get-DrmmAuditESXi" => "esxihost",
            "Get-DrmmAuditPrinter" => "printer",
            _ => "device",
        })),
        "siteUid" => GallerySample.Of(SiteUid(one.Command.Name)),
        "alertUid" => GallerySample.Of(_alertUid.Value),
        "alert" => _alert.Value,
        "jobUid" => GallerySample.Of(Text(_job.Value, "uid")),
        "variableId" => GallerySample.Of(VariableId(one)),
        // The filter of devices that are online.
        "FilterId" => GallerySample.Of("104"),
        // As nobody would write it, since case does not matter.
        "Name" => GallerySample.Of(FilterName(one.Command.Name).ToUpperInvariant()),
        "ComponentName" =>
            GallerySample.Of(Text(_component.Value, "name")) with { Json = Text(_component.Value, "uid") },
        "variables" => new GallerySample($"@(@{{ name = '{Variable}'; value = 'some text' }})", Variables),
        "VariableDefinitions" => new GallerySample($"@{{ '{Variable}' = 'some text' }}", Variables),
        "apiRequest" => GallerySample.Of(Path(one)),
        "apiRequestBody" => GallerySample.Of("""{"name":"sample","value":"some text"}"""),
        "proxyPort" => GallerySample.Of(8080),
        "warrantyDate" => GallerySample.Of("2031-05-31"),
        "onDemand" => new GallerySample("$true", true),
        "LogTypes" => GallerySample.Of(one.Member(parameter.Name)!),
        "Categories" => GallerySample.Of(GallerySample.Of("job"), GallerySample.Of("device")),
        "Actions" => GallerySample.Of(GallerySample.Of("create"), GallerySample.Of("delete")),
        "SiteIds" => GallerySample.Of(
            [.. _sites.Value.Select(site => GallerySample.Of(site.GetProperty("id").GetInt64())).Take(2)]),
        "UserIds" => GallerySample.Of(GallerySample.Of(501), GallerySample.Of(502)),
        // Not long ago: the activity log is read from there to now.
        "StartDateTime" => Time(TimeSpan.FromMinutes(-7)),
        "EndDateTime" => Time(TimeSpan.FromMinutes(-1)),
        "Limit" => GallerySample.Of(50),
        _ when parameter.Values.Count > 0 => GallerySample.Of(one.Member(parameter.Name)!),
        "jobName" or "name" or "value" or "siteName" or "siteDescription" or "siteNotes" or "proxyHost"
            or "proxyUsername" or "proxyPassword" => GallerySample.Of($"some {parameter.Name}"),
        _ when parameter.Name.StartsWith("udf") => GallerySample.Of($"some {parameter.Name}"),
        _ => throw new NotSupportedException($"no sample for -{parameter.Name} of {one.Command}"),
    };

    /// <summary>A variable that the component has.</summary>
    private string Variable => Text(_component.Value.GetProperty("variables")[0], "name");

    private JsonArray Variables => [new JsonObject { ["name"] = Variable, ["value"] = "some text" }];

    private string DeviceUid(string deviceClass) =>
        Text(_devices.Value.First(device => Text(device, "deviceClass") == deviceClass), "uid");

    /// <summary>A site of a device that is there; for a move, another one than the device's.</summary>
    private string SiteUid(string command)
    {
        JsonElement device = _devices.Value.First(device => Text(device, "deviceClass") == "device");
        string own = Text(device, "siteUid");
        return command == "Move-DrmmDeviceToSite"
            ? Text(_sites.Value.First(site => Text(site, "uid") != own), "uid")
            : own;
    }

    /// <summary>A variable made for this purpose, by the id that it has at first.</summary>
    private long VariableId(GalleryCase one)
    {
        string owner = one.Command.Name.Contains("Site") ? $"site/{SiteUid(one.Command.Name)}" : "account";
        if (!_variables.TryGetValue(owner, out long id))
        {
            const string name = "made for a test";
            _sim.Write(
                HttpMethod.Put, $"{owner}/variable",
                new JsonObject { ["name"] = name, ["value"] = "some text", ["masked"] = false });
            id = Items($"{owner}/variables", "variables")
                .Single(variable => Text(variable, "name") == name).GetProperty("id").GetInt64();
            _variables.Add(owner, id);
        }
        return id;
    }

    private string FilterName(string command) =>
        Text(Items($"filter/{(command.Contains("Custom") ? "custom" : "default")}-filters", "filters")[0], "name");

    private string Path(GalleryCase one) => one.Member("apiMethod") switch
    {
        "PUT" => "/v2/account/variable",
        "POST" => $"/v2/alert/{_alertUid.Value}/resolve",
        "DELETE" => $"/v2/account/variable/{VariableId(one)}",
        _ => "/v2/account",
    };

    private GallerySample Time(TimeSpan fromNow)
    {
        string utc = (_now + fromNow).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new GallerySample($"([datetime] '{utc}')", utc);
    }

    private JsonElement[] Items(string path, string field) =>
        [.. _sim.Read($"{path}?max=250").GetProperty(field).EnumerateArray()];

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
