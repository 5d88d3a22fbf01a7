using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class PatchTests : EngineTest
{
    public PatchTests()
        : base("--devices 30 --sites 3")
    {
        Engine.Run("""
            $device = (Get-DrmmDevice | Where-Object { $_.deviceClass -eq 'device' -and $_.patchManagement })[0]
            $site = Get-DrmmSite $device.siteUid
            """);
        Sim.Reset();
    }

    [Theory]
    [InlineData("Get-DrmmPatch $device.uid", "device")]
    [InlineData("Get-DrmmPatch -DeviceUid $device", "device")]
    [InlineData("$device | Get-DrmmPatch", "device")]
    [InlineData("$device.uid | Get-DrmmPatch", "device")]
    [InlineData("Get-DrmmPatch -SiteUid $site.uid", "site")]
    [InlineData("$site | Get-DrmmPatch", "site")]
    public void They_come_with_the_uid_of_what_they_belong_to(string script, string owner)
    {
        IReadOnlyList<PSObject?> patches = Engine.Run(script);

        string uid = Text($"${owner}.uid");
        Assert.All(Sim.Calls(), call => Assert.Equal($"/api/v2/{owner}/{uid}/patches", call.Path));
        Assert.All(Sim.Calls(), call => Assert.Null(call["installStatus"]));
        JsonElement page = Sim.Read($"{owner}/{uid}/patches?max=250");
        JsonElement list = page.GetProperty("patches");
        Assert.NotEmpty(patches);
        Assert.Equal(page.GetProperty("pageDetails").GetProperty("totalCount").GetInt32(), patches.Count);
        string property = owner + "Uid";
        for (int i = 0; i < list.GetArrayLength(); i++)
        {
            Assert.Equal(owner == "site" ? "DattoRMM.SitePatch" : "DattoRMM.Patch", patches[i]!.TypeNames[0]);
            Assert.Equal([.. Json.Names(list[i]), property], Json.Names(patches[i]!));
            Assert.Equal(uid, Value(patches[i], property));
            patches[i]!.Properties.Remove(property);
            Json.AssertSame(list[i], patches[i]);
        }
    }

    [Theory]
    [InlineData("Get-DrmmPatch $device.uid -InstallStatus INSTALLED", "INSTALLED")]
    [InlineData("$device | Get-DrmmPatch -InstallStatus approved_pending", "APPROVED_PENDING")]
    [InlineData("$site | Get-DrmmPatch -InstallStatus NOT_APPROVED", "NOT_APPROVED")]
    [InlineData("Get-DrmmPatch -SiteUid $site -InstallStatus installed", "INSTALLED")]
    public void A_state_is_asked_for_in_the_apis_words(string script, string status)
    {
        IReadOnlyList<PSObject?> patches = Engine.Run(script);

        Assert.All(Sim.Calls(), call => Assert.Equal(status, call["installStatus"]));
        Assert.All(patches, patch => Assert.Equal(status, Value(patch, "installStatus")));
    }

    [Fact]
    public void Sites_and_devices_may_be_piped_together()
    {
        Engine.Run("$patches = $site, $device | Get-DrmmPatch");

        Assert.Equal(
            [$"/api/v2/device/{Text("$device.uid")}/patches", $"/api/v2/site/{Text("$site.uid")}/patches"],
            Sim.Calls().Select(call => call.Path).Distinct().Order());
        Assert.Equal("DattoRMM.SitePatch", Text("$patches[0].PSObject.TypeNames[0]"));
        Assert.Equal("DattoRMM.Patch", Text("$patches[-1].PSObject.TypeNames[0]"));
    }

    [Theory]
    [InlineData("Get-DrmmPatch $device.uid -InstallStatus none")]
    [InlineData("Get-DrmmPatch $device.uid -InstallStatus ''")]
    [InlineData("Get-DrmmPatch $device.uid -InstallStatus $null")]
    public void An_unknown_state_is_refused_and_nothing_is_sent(string script)
    {
        Assert.Equal(ErrorCategory.InvalidData, Engine.Invoke(script).Error.CategoryInfo.Category);
        Assert.Empty(Sim.Calls());
    }
}
