using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class NetworkInterfaceTests : EngineTest
{
    private const string Unknown = "ffffffff-0000-4000-8000-000000000000";

    public NetworkInterfaceTests()
        : base("--devices 600 --sites 3")
    {
        Engine.Run("""
            $sites = Get-DrmmSite; $site = $sites[0]; $siteUid = $site.uid
            $devices = Get-DrmmDevice -SiteUid $siteUid; $device = $devices[7]; $uid = $device.uid
            """);
        Sim.Reset();
    }

    [Theory]
    [InlineData("Get-DrmmNetworkInterface -SiteUid $siteUid")]
    [InlineData("Get-DrmmNetworkInterface -SiteUid $site")]
    [InlineData("$site | Get-DrmmNetworkInterface")]
    [InlineData("Get-DrmmSiteDeviceNetworkInterfaces $siteUid")]
    [InlineData("Get-DrmmSiteDeviceNetworkInterfaces -siteUid $site")]
    public void The_devices_of_a_site_come_page_by_page_as_the_api_has_them(string script)
    {
        IReadOnlyList<PSObject?> found = Engine.Run(script);

        string path = $"site/{Text("$siteUid")}/devices/network-interface";
        Assert.All(Sim.Calls(), call => Assert.Equal(("GET", $"/api/v2/{path}"), (call.Method, call.Path)));
        JsonElement list = Sim.Read($"{path}?max=250&page=0").GetProperty("devices");
        Assert.Equal(Engine.Run("$devices").Count, found.Count);
        for (int i = 0; i < list.GetArrayLength(); i++)
        {
            Assert.Equal("DattoRMM.DeviceNetworkInterface", found[i]!.TypeNames[0]);
            Json.AssertSame(list[i], found[i]);
        }
    }

    [Fact]
    public void The_gallerys_filter_is_sent()
    {
        Engine.Run("Get-DrmmSiteDeviceNetworkInterfaces $siteUid 104");

        Assert.All(Sim.Calls(), call => Assert.Equal("104", call["filterId"]));
    }

    [Theory]
    [InlineData("$device | Get-DrmmNetworkInterface", false)]
    [InlineData("[pscustomobject]@{ deviceUid = $uid; siteUid = $siteUid } | Get-DrmmNetworkInterface", false)]
    [InlineData("$uid | Get-DrmmNetworkInterface", true)]
    [InlineData("Get-DrmmNetworkInterface $uid", true)]
    [InlineData("Get-DrmmNetworkInterface -DeviceUid $device", true)]
    public void A_device_is_taken_from_the_list_of_its_site(string script, bool isLookedUp)
    {
        PSObject found = Engine.Invoke(script).Well().One;

        string[] paths = [.. Sim.Calls().Select(call => call.Path).Distinct()];
        string list = $"/api/v2/site/{Text("$siteUid")}/devices/network-interface";
        Assert.Equal(isLookedUp ? [$"/api/v2/device/{Text("$uid")}", list] : [list], paths);
        Assert.Equal("DattoRMM.DeviceNetworkInterface", found.TypeNames[0]);
        Assert.Equal(Text("$uid"), Value(found, "uid"));
        Assert.NotEmpty((object[])Value(found, "nics")!);
    }

    [Fact]
    public void Many_devices_cost_one_list_for_each_of_their_sites_and_come_in_their_order()
    {
        Engine.Run("$some = $devices[0..99] + (Get-DrmmDevice -SiteUid $sites[1])[0..49] + $devices[100..109]");
        Sim.Reset();

        Assert.Equal(
            Engine.Invoke("$some.uid").Texts,
            Engine.Invoke("($some | Get-DrmmNetworkInterface).uid").Well().Texts);

        Assert.All(Sim.Calls(), call => Assert.EndsWith("/network-interface", call.Path));
        Assert.Equal(2, Sim.Calls().Count(call => call["page"] == "0"));
    }

    [Fact]
    public void A_device_that_has_moved_is_found_where_it_is_now()
    {
        Engine.Run("$device | Move-DrmmDevice -SiteUid $sites[1]");

        PSObject found = Engine.Invoke("$device | Get-DrmmNetworkInterface").Well().One;

        Assert.Equal((Text("$uid"), Text("$sites[1].uid")), (Value(found, "uid"), Value(found, "siteUid")));
    }

    [Fact]
    public void A_device_that_is_not_there_or_not_listed_is_an_error_of_its_own_and_the_others_come()
    {
        Engine["unknown"] = Unknown;
        Engine.Run("$other = $devices[8]");
        Sim.Faults(Fault.On(
            $"GET /v2/site/{Text("$siteUid")}/devices/network-interface",
            Fault.Answer($$"""{"pageDetails":{"totalCount":1},"devices":[{"uid":"{{Text("$uid")}}"}]}""")));

        Outcome outcome = Engine.Invoke("$uid, $unknown, $other.uid, $uid | Get-DrmmNetworkInterface");

        Assert.Equal([Text("$uid"), Text("$uid")], outcome.Output.Select(found => Value(found, "uid")));
        Assert.Equal(
            [Unknown, Text("$other.uid")], outcome.Errors.Select(error => error.TargetObject.ToString()));
        Assert.All(outcome.Errors, error => Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category));
        Assert.Contains("is not in the list of network interfaces", outcome.Errors[1].ToString());
    }

    [Fact]
    public void What_comes_out_stands_for_its_device_in_a_pipe() =>
        Assert.Equal(Text("$uid"), Text("($device | Get-DrmmNetworkInterface | Get-DrmmDevice).uid"));
}
