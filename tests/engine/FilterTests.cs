using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class FilterTests() : EngineTest("--devices 20 --sites 3")
{
    private const string Default = "filter/default-filters";
    private const string Custom = "filter/custom-filters";

    [Theory]
    [InlineData("Get-DrmmFilter", Default, Custom)]
    [InlineData("Get-DrmmFilter -Default", Default)]
    [InlineData("Get-DrmmFilter -Custom", Custom)]
    [InlineData("Get-DrmmFilter -Default -Custom", Default, Custom)]
    [InlineData("Get-DrmmFilter -Default:$false", Default, Custom)]
    [InlineData("Get-DrmmDefaultFilters", Default)]
    [InlineData("Get-DrmmCustomFilters", Custom)]
    public void They_come_as_the_api_has_them(string script, params string[] lists)
    {
        IReadOnlyList<PSObject?> filters = Engine.Run(script);

        Assert.Equal(lists.Order(), Sim.Calls().Select(call => call.Path["/api/v2/".Length..]).Order());
        JsonElement[] expected = [.. lists.SelectMany(List)];
        Assert.Equal(expected.Length, filters.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal("DattoRMM.Filter", filters[i]!.TypeNames[0]);
            Json.AssertSame(expected[i], filters[i]);
        }
    }

    [Theory]
    [InlineData("Get-DrmmFilter -SiteUid $site.uid")]
    [InlineData("Get-DrmmFilter -SiteUid $site")]
    [InlineData("$site | Get-DrmmFilter")]
    [InlineData("(Get-DrmmDevice | Where-Object siteUid -eq $site.uid)[0] | Get-DrmmFilter")]
    public void Those_of_a_site_are_asked_for_there(string script)
    {
        Engine.Run("$site = Get-DrmmSite (Get-DrmmDevice)[0].siteUid");
        string path = $"site/{Text("$site.uid")}/filters";
        JsonElement[] expected = List(path);
        Sim.Reset();

        IReadOnlyList<PSObject?> filters = Engine.Run(script);

        Assert.Equal("/api/v2/" + path, Sim.Calls()[^1].Path);
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, filters.Count);
        Json.AssertSame(expected[0], filters[0]);
    }

    [Theory]
    [InlineData("Get-DrmmFilter '*devices'", "All Devices, Online Devices, Offline Devices")]
    [InlineData("Get-DrmmFilter -Name 'leere menge'", "Leere Menge")]
    [InlineData("Get-DrmmFilter -Custom -Name '*devices'", "")]
    [InlineData("Get-DrmmDefaultFilters 'ALL devices'", "All Devices")]
    [InlineData("Get-DrmmDefaultFilters -Name '*devices'", "")]
    [InlineData("Get-DrmmCustomFilters -Name 'leere menge'", "Leere Menge")]
    public void A_name_picks_them_with_wildcards_but_in_the_gallerys_commands(string script, string names) =>
        Assert.Equal(names, string.Join(", ", Engine.Invoke($"{script} | ForEach-Object name").Well().Texts));

    private JsonElement[] List(string path) =>
        [.. Sim.Read(path + "?max=250").GetProperty("filters").EnumerateArray()];
}
