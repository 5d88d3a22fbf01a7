using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class SiteTests() : EngineTest("--devices 60 --sites 6")
{
    [Theory]
    [InlineData("Get-DrmmSite")]
    [InlineData("Get-DrmmAccountSites")]
    public void All_sites_come_as_the_api_has_them(string script)
    {
        IReadOnlyList<PSObject?> sites = Engine.Run(script);

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(("GET", "/api/v2/account/sites"), (call.Method, call.Path));
        Assert.Equal(("250", "0", null), (call["max"], call["page"], call["siteName"]));
        JsonElement list = Sim.Read("account/sites").GetProperty("sites");
        Assert.Equal(6, sites.Count);
        for (int i = 0; i < sites.Count; i++)
        {
            Assert.Equal("DattoRMM.Site", sites[i]!.TypeNames[0]);
            Json.AssertSame(list[i], sites[i]);
        }
    }

    [Theory]
    [InlineData("Get-DrmmSite -ExcludeDeleted")]
    [InlineData("Get-DrmmAccountSites -noDeletedDevices")]
    public void The_site_of_deleted_devices_can_be_left_out(string script)
    {
        Assert.Equal(5, Engine.Run(script).Count);
        Assert.Empty(Engine.Run($"{script} | Where-Object name -eq 'Deleted Devices'"));
        Assert.Single(Engine.Run("Get-DrmmSite | Where-Object name -eq 'Deleted Devices'"));
    }

    [Theory]
    [InlineData("Get-DrmmSite $uid")]
    [InlineData("Get-DrmmSite -SiteUid $uid")]
    [InlineData("$uid | Get-DrmmSite")]
    [InlineData("$site | Get-DrmmSite")]
    [InlineData("Get-DrmmSite $site")]
    [InlineData("$device | Get-DrmmSite")]
    [InlineData("$alert | Get-DrmmSite")]
    public void One_site_is_found_by_its_uid_or_by_what_belongs_to_it(string script)
    {
        Engine.Run("""
            $alert = (Get-DrmmAlert)[0]
            $uid = $alert.alertSourceInfo.siteUid
            $device = Get-DrmmDevice $alert.alertSourceInfo.deviceUid
            $site = (Get-DrmmSite).Where({ $_.uid -eq $uid })[0]
            """);
        Sim.Reset();

        PSObject site = Engine.Invoke(script).Well().One;

        string uid = (string)Engine["uid"]!;
        Assert.Equal($"GET /api/v2/site/{uid}", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.Site", site.TypeNames[0]);
        Assert.Equal(uid, Value(site, "uid"));
    }

    [Fact]
    public void Several_uids_give_several_sites_in_their_order()
    {
        Engine.Run("$uids = (Get-DrmmSite)[4, 0, 2].uid");

        Assert.Equal(
            Engine.Invoke("$uids").Texts,
            Engine.Invoke("(Get-DrmmSite -SiteUid $uids).uid").Well().Texts);
    }

    [Fact]
    public void A_name_with_wildcards_asks_the_server_for_its_longest_literal_part_and_decides_here()
    {
        string name = Text("(Get-DrmmSite)[1].name");
        Engine["pattern"] = $"?{name[1..5]}*";
        Sim.Reset();

        IReadOnlyList<PSObject?> found = Engine.Run("Get-DrmmSite -Name $pattern");

        Assert.Equal(name[1..5].Trim(), Assert.Single(Sim.Calls())["siteName"]);
        Assert.Contains(found, site => (string)Value(site, "name")! == name);
        Assert.Empty(Engine.Run($"Get-DrmmSite -Name '{name[1..5]}'"));
    }

    [Fact]
    public void A_name_that_looks_like_a_pattern_finds_itself()
    {
        Engine.Run("$null = New-DrmmSite 'Rot [West]'; $null = New-DrmmSite 'Rot W'");

        Assert.Equal(["Rot [West]", "Rot W"], Engine.Invoke("(Get-DrmmSite -Name 'Rot [West]').name").Texts.Order());
    }

    [Fact]
    public void A_name_with_letters_outside_ascii_reaches_the_server_unharmed()
    {
        Assert.Empty(Engine.Run("Get-DrmmSite -Name 'Gebäude & Söhne+1%'"));

        Assert.Equal("Gebäude & Söhne+1%", Assert.Single(Sim.Calls())["siteName"]);
    }
}
