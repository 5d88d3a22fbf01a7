using System.Globalization;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class RebootTests() : EngineTest("--devices 300 --sites 3")
{
    [Fact]
    public void Devices_that_need_a_restart_are_shown_oldest_first_and_nothing_comes_out()
    {
        JsonElement[] expected = [.. Devices().OrderBy(device => Milliseconds(device, "lastReboot"))];
        Assert.True(expected.Length > 1);
        Sim.Reset();

        Outcome outcome = Engine.Invoke("Get-DevicesNeedingReboot").Well();

        Assert.Empty(outcome.Output);
        Assert.Equal(expected.SelectMany(Lines), outcome.Information);
        Assert.All(Sim.Calls(), call => Assert.Equal("/api/v2/account/devices", call.Path));
    }

    [Fact]
    public void It_is_text_for_the_host_that_a_script_can_catch()
    {
        Assert.Equal(
            ["HostInformationMessage", "PSHOST"],
            Engine.Invoke("""
                $shown = Get-DevicesNeedingReboot 6>&1
                $shown[0].MessageData.GetType().Name
                $shown.Tags[0]
                """).Well().Texts);
    }

    [Fact]
    public void Nothing_is_shown_where_nothing_needs_a_restart()
    {
        Sim.Faults(Fault.On(
            "GET /v2/account/devices",
            Fault.Answer("""{"devices":[{"uid":"a","rebootRequired":null}],"pageDetails":{"totalCount":1}}""")));

        Assert.Empty(Engine.Invoke("1, 2 | Get-DevicesNeedingReboot stray").Well().Information);
        Assert.Single(Sim.Calls("account/devices"));
    }

    [Fact]
    public void What_is_not_known_is_left_open()
    {
        Sim.Faults(Fault.On(
            "GET /v2/account/devices",
            Fault.Answer("""{"devices":[{"hostname":"h","rebootRequired":true}],"pageDetails":{"totalCount":1}}""")));

        Assert.Equal(
            ["Hostname: h", "Sitename: ", "Description: ", "Last Reboot Time: ", "Last Seen: ", "Online: ",
                "Portal URL: ", "----"],
            Engine.Invoke("Get-DevicesNeedingReboot").Well().Information);
    }

    private IEnumerable<JsonElement> Devices()
    {
        for (int page = 0; page < 2; page++)
        {
            foreach (JsonElement device in Sim.Read($"account/devices?max=250&page={page}")
                .GetProperty("devices").EnumerateArray())
            {
                if (device.GetProperty("rebootRequired").ValueKind == JsonValueKind.True)
                {
                    yield return device;
                }
            }
        }
    }

    private static IEnumerable<string> Lines(JsonElement device) =>
    [
        $"Hostname: {device.GetProperty("hostname")}",
        $"Sitename: {device.GetProperty("siteName")}",
        $"Description: {device.GetProperty("description")}",
        $"Last Reboot Time: {Time(device, "lastReboot")}",
        $"Last Seen: {Time(device, "lastSeen")}",
        $"Online: {device.GetProperty("online").GetBoolean()}",
        $"Portal URL: {device.GetProperty("portalUrl")}",
        "----",
    ];

    private static long? Milliseconds(JsonElement device, string field) =>
        device.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static string Time(JsonElement device, string field) => Milliseconds(device, field) is { } milliseconds
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            .UtcDateTime.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture)
        : "";
}
