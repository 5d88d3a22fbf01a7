using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class DeviceTests() : EngineTest("--devices 600 --sites 4")
{
    [Theory]
    [InlineData("Get-DrmmDevice")]
    [InlineData("Get-DrmmAccountDevices")]
    public void All_devices_come_page_by_page_as_the_api_has_them(string script)
    {
        IReadOnlyList<PSObject?> devices = Engine.Run(script);

        IReadOnlyList<Received> calls = Sim.Calls();
        Assert.All(calls, call => Assert.Equal(("GET", "/api/v2/account/devices"), (call.Method, call.Path)));
        Assert.All(calls, call => Assert.Equal("250", call["max"]));
        Assert.Equal(["0", "1", "2"], calls.Select(call => call["page"]).Order());
        Assert.Equal(600, devices.Count);
        JsonElement list = Sim.Read("account/devices?max=250&page=1").GetProperty("devices");
        for (int i = 0; i < 250; i++)
        {
            Assert.Equal("DattoRMM.Device", devices[250 + i]!.TypeNames[0]);
            Json.AssertSame(list[i], devices[250 + i]);
        }
    }

    [Theory]
    [InlineData("Get-DrmmDevice -FilterId 104", "/api/v2/account/devices", "104")]
    [InlineData("Get-DrmmAccountDevices 104", "/api/v2/account/devices", "104")]
    [InlineData("Get-DrmmAccountDevices -FilterId 104", "/api/v2/account/devices", "104")]
    [InlineData("Get-DrmmDevice -SiteUid $uid", "/api/v2/site/{0}/devices", null)]
    [InlineData("Get-DrmmDevice -SiteUid $site", "/api/v2/site/{0}/devices", null)]
    [InlineData("Get-DrmmDevice -SiteUid $uid -FilterId 104", "/api/v2/site/{0}/devices", "104")]
    [InlineData("Get-DrmmSiteDevices $uid", "/api/v2/site/{0}/devices", null)]
    [InlineData("Get-DrmmSiteDevices $uid 104", "/api/v2/site/{0}/devices", "104")]
    [InlineData("Get-DrmmSiteDevices -siteUid $uid -FilterId 104", "/api/v2/site/{0}/devices", "104")]
    [InlineData("$site | Get-DrmmDevice", "/api/v2/site/{0}/devices", null)]
    [InlineData("$site | Get-DrmmDevice -FilterId 104", "/api/v2/site/{0}/devices", "104")]
    public void A_list_is_narrowed_by_site_and_filter(string script, string path, string? filter)
    {
        Engine.Run("$site = (Get-DrmmSite)[0]; $uid = $site.uid");
        string expected = path.Replace("{0}", (string)Engine["uid"]!);
        Sim.Reset();

        IReadOnlyList<PSObject?> devices = Engine.Run(script);

        Assert.All(Sim.Calls(), call => Assert.Equal((expected, filter), (call.Path, call["filterId"])));
        Assert.NotEmpty(devices);
        Assert.All(devices, device => Assert.Equal("DattoRMM.Device", device!.TypeNames[0]));
        Assert.All(devices, device => Assert.True(filter == null || (bool)Value(device, "online")!));
        Assert.All(devices, device =>
            Assert.True(!path.Contains("site") || (string)Value(device, "siteUid")! == (string)Engine["uid"]!));
    }

    [Theory]
    [InlineData("Hostname", "hostname")]
    [InlineData("DeviceType", "deviceType")]
    [InlineData("OperatingSystem", "operatingSystem")]
    [InlineData("SiteName", "siteName")]
    public void The_servers_own_filters_are_passed_on(string parameter, string query)
    {
        Engine.Run($"Get-DrmmDevice -{parameter} 'a ä&b'");

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(("/api/v2/account/devices", "a ä&b"), (call.Path, call[query]));
    }

    [Theory]
    [InlineData("Get-DrmmDevice $device.uid")]
    [InlineData("Get-DrmmDevice -DeviceUid $device.uid")]
    [InlineData("Get-DrmmDevice $device")]
    [InlineData("$device | Get-DrmmDevice")]
    [InlineData("$device.uid | Get-DrmmDevice")]
    [InlineData("$alert | Get-DrmmDevice")]
    [InlineData("[pscustomobject]@{ deviceUid = $device.uid; uid = 'another' } | Get-DrmmDevice")]
    public void One_device_is_found_by_its_uid_or_by_what_belongs_to_it(string script)
    {
        Engine.Run("$alert = (Get-DrmmAlert)[0]; $device = Get-DrmmDevice $alert.alertSourceInfo.deviceUid");
        Sim.Reset();

        PSObject device = Engine.Invoke(script).Well().One;

        string uid = Text("$device.uid");
        Assert.Equal($"GET /api/v2/device/{uid}", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.Device", device.TypeNames[0]);
        Json.AssertSame(Sim.Read($"device/{uid}"), device);
    }

    [Fact]
    public void A_device_is_found_by_its_number()
    {
        Engine.Run("$device = (Get-DrmmDevice)[7]");
        Sim.Reset();

        PSObject found = Engine.Invoke("Get-DrmmDevice -DeviceId $device.id").Well().One;

        Assert.Equal($"GET /api/v2/device/id/{Text("[string]$device.id")}", Assert.Single(Sim.Calls()).Line);
        Assert.Equal(Text("$device.uid"), Value(found, "uid"));
    }

    [Fact]
    public void Devices_are_found_by_their_mac_address()
    {
        PSObject found = Engine.Invoke("Get-DrmmDevice -MacAddress 0C9D92000007").Well().One;

        Assert.Equal("GET /api/v2/device/macAddress/0C9D92000007", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.Device", found.TypeNames[0]);
        Assert.Equal(Text("(Get-DrmmDevice)[7].uid"), Value(found, "uid"));
    }

    [Fact]
    public void An_empty_list_is_nothing_and_no_error()
    {
        Assert.Empty(Engine.Run("Get-DrmmDevice -FilterId 20002"));
        Assert.Single(Sim.Calls());
    }

    [Theory]
    [InlineData("../x", "..%2Fx")]
    [InlineData("a/b?c", "a%2Fb%3Fc")]
    [InlineData("a b#c", "a%20b%23c")]
    [InlineData("ü%2F", "%C3%BC%252F")]
    public void A_uid_goes_out_as_one_encoded_segment_whatever_is_in_it(string uid, string segment)
    {
        Engine["strange"] = uid;

        Outcome outcome = Engine.Invoke("Get-DrmmDevice -DeviceUid $strange");

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"/api/v2/device/{segment}", ""), (call.Path, call.Query));
        Assert.Equal(ErrorCategory.ObjectNotFound, outcome.Error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("Get-DrmmDevice -TypedUdf", "account/devices", "")]
    [InlineData("Get-DrmmDevice -TypedUdf -FilterId 104", "account/devices", "filterId=104")]
    [InlineData("Get-DrmmDevice -TypedUdf -OperatingSystem Windows", "account/devices", "operatingSystem=Windows")]
    [InlineData("Get-DrmmDevice -TypedUdf -SiteUid $device.siteUid", "site/{site}/devices", "")]
    [InlineData("$site | Get-DrmmDevice -TypedUdf -FilterId 104", "site/{site}/devices", "filterId=104")]
    public void Lists_have_typed_fields_on_demand(string script, string path, string query)
    {
        Engine.Run("$device = (Get-DrmmDevice)[7]; $site = $device | Get-DrmmSite");
        Sim.Reset();

        IReadOnlyList<PSObject?> devices = Engine.Run(script);

        IReadOnlyList<Received> calls = Sim.Calls();
        path = path.Replace("{site}", Text("$device.siteUid"));
        Assert.All(calls, call => Assert.Equal($"/api/v3/{path}", call.Path));
        Assert.All(calls, call => Assert.Contains(query, call.Query));
        AssertTyped(Sim.Read($"{path}?max=250&{query}", "v3").GetProperty("devices"), devices);
    }

    [Theory]
    [InlineData("Get-DrmmDevice $device.uid -TypedUdf", "device/{uid}")]
    [InlineData("$device | Get-DrmmDevice -TypedUdf", "device/{uid}")]
    [InlineData("Get-DrmmDevice -DeviceId $device.id -TypedUdf", "device/id/{id}")]
    [InlineData("Get-DrmmDevice -MacAddress 0C9D92000007 -TypedUdf", "device/macAddress/0C9D92000007")]
    public void Single_devices_have_typed_fields_on_demand(string script, string path)
    {
        Engine.Run("$device = (Get-DrmmDevice)[7]; $uid = $device.uid");
        Sim.Reset();

        PSObject found = Engine.Invoke(script).Well().One;

        path = path.Replace("{uid}", Text("$uid")).Replace("{id}", Text("[string]$device.id"));
        Assert.Equal($"GET /api/v3/{path}", Assert.Single(Sim.Calls()).Line);
        JsonElement answer = Sim.Read(path, "v3");
        AssertTyped(path.Contains("mac") ? answer : JsonSerializer.SerializeToElement(new[] { answer }), [found]);
    }

    [Fact]
    public void Typed_fields_say_what_was_set()
    {
        Engine.Run("""
            $uid = (Get-DrmmDevice)[7].uid
            Set-DrmmDeviceUdf $uid -Udf @{ 12 = [datetime] '2027-01-31'; 13 = $false; 15 = 1.5; 299 = 'x' } -Typed
            $udfs = (Get-DrmmDevice $uid -TypedUdf).udfs | Where-Object ordinal -In 12, 13, 15, 299
            """);

        Assert.Equal(
            ["12 DATE 2027-01-31", "13 BOOLEAN False", "15 NUMBER 1.5", "299 STRING x"],
            Engine.Invoke("""
                $udfs.ForEach{
                    "$($_.ordinal) $($_.type) $($_.valueDate)$($_.valueBoolean)$($_.valueNumber)$($_.valueString)"
                }
                """).Texts);
    }

    private static void AssertTyped(JsonElement expected, IReadOnlyList<PSObject?> devices)
    {
        Assert.NotEmpty(devices);
        for (int i = 0; i < expected.GetArrayLength(); i++)
        {
            Assert.Equal("DattoRMM.Device", devices[i]!.TypeNames[0]);
            Assert.Null(devices[i]!.Properties["udf"]);
            Json.AssertSame(expected[i], devices[i]);
        }
    }
}
