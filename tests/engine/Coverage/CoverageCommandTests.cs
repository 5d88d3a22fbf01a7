using System.Text.Json;
using System.Text.Json.Nodes;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Coverage;

/// <summary>Each command of the table makes the operation that it stands for.</summary>
public sealed class CoverageCommandTests : EngineTest
{
    public CoverageCommandTests()
        : base("--devices 20 --sites 3 --job-ms 0")
    {
        JsonElement[] devices = [.. Sim.Read("account/devices?max=250").GetProperty("devices").EnumerateArray()];
        JsonElement device = OfClass("device");
        string deviceUid = Text(device, "uid");
        string siteUid = Text(device, "siteUid");
        JsonElement component = Sim.Read("account/components").GetProperty("components")[0];
        Engine["deviceUid"] = deviceUid;
        Engine["siteUid"] = siteUid;
        Engine["componentUid"] = Text(component, "uid");
        Engine["componentName"] = Text(component, "name");
        Engine["macAddress"] = Text(
            Sim.Read($"audit/device/{deviceUid}").GetProperty("nics")[0], "macAddress");
        Engine["alertUid"] = Text(Sim.Read("account/alerts/open").GetProperty("alerts")[0], "alertUid");
        Engine["variableId"] = Variable("account");
        Engine["siteVariableId"] = Variable($"site/{siteUid}");
        Engine["jobUid"] = Text(Sim.Write(HttpMethod.Put, $"device/{deviceUid}/quickjob", new JsonObject
        {
            ["jobName"] = "a job",
            ["jobComponent"] = new JsonObject { ["componentUid"] = Text(component, "uid") },
        }).GetProperty("job"), "uid");
        foreach ((string name, JsonElement one) in new[]
        {
            ("device", device), ("esxiHost", OfClass("esxihost")), ("printer", OfClass("printer")),
        })
        {
            Engine.Run($"${name} = Get-DrmmDevice {Text(one, "uid")}");
        }

        JsonElement OfClass(string deviceClass) =>
            devices.First(device => Text(device, "deviceClass") == deviceClass);
    }

    [Theory]
    [MemberData(nameof(CoverageTests.Scripts), MemberType = typeof(CoverageTests))]
    public void The_command_makes_this_operation(string operation, string script)
    {
        CoverageRow row = CoverageRow.All.Single(row => row.Operation == operation);
        Sim.Reset();

        Outcome outcome = Engine.Invoke(script);

        IEnumerable<string> made = Sim.Requests().Where(request => !request.IsLogin)
            .Select(request => ApiOperation.Of(request).ToString());
        Assert.Contains(operation, made);
        Assert.Empty(made.Except([operation, row.Also ?? operation]));
        // Muting is no longer served; that is an error, and no fault of the command.
        Assert.True(outcome.Errors.Count == 0 || operation.EndsWith("mute"), outcome.AllText);
    }

    private long Variable(string owner)
    {
        JsonObject body = new() { ["name"] = "made for a test", ["value"] = "x", ["masked"] = false };
        Sim.Write(HttpMethod.Put, $"{owner}/variable", body);
        return Sim.Read($"{owner}/variables?max=250").GetProperty("variables").EnumerateArray()
            .Single(variable => Text(variable, "name") == "made for a test").GetProperty("id").GetInt64();
    }

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
