using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Lists of 5,000 devices are 20 pages, of which at most 8 are under way.</summary>
public sealed class StreamingTests() : EngineTest("--devices 5000 --sites 5")
{
    private const int Pages = 20;

    [Theory]
    [InlineData("Get-DrmmDevice")]
    [InlineData("Get-DrmmAccountDevices")]
    [InlineData("Invoke-DrmmApi v2/account/devices -All")]
    public void The_first_device_comes_before_the_last_page_is_asked_for(string command)
    {
        Engine.Run($$"""
            {{command}} | ForEach-Object {
                if (-not $seen) { $seen = $sim.Calls('account/devices').Count }
            }
            """);

        Assert.InRange((int)Engine["seen"]!, 1, Pages - 1);
        Assert.Equal(Pages, Sim.Calls("account/devices").Count);
    }

    [Fact]
    public void What_a_user_types_gives_what_they_expect()
    {
        IReadOnlyList<string?> names = Engine.Invoke("Get-DrmmDevice | Where-Object online | ForEach-Object hostname")
            .Well().Texts;

        Assert.InRange(names.Count, 1000, 4999);
        Assert.Equal(
            Enumerable.Range(0, Pages)
                .Select(page => Sim.Read($"account/devices?max=250&page={page}").GetProperty("devices"))
                .SelectMany(devices => devices.EnumerateArray())
                .Where(device => device.GetProperty("online").GetBoolean())
                .Select(device => device.GetProperty("hostname").GetString()),
            names);
    }

    [Fact]
    public void The_first_item_costs_one_request()
    {
        Engine.Run("Get-DrmmDevice | ForEach-Object { if (-not $seen) { $seen = $sim.Calls().Count } }");

        Assert.Equal(1, Engine["seen"]);
    }

    [Theory]
    [InlineData("Get-DrmmDevice")]
    [InlineData("Get-DrmmAccountDevices")]
    public void Pages_that_come_side_by_side_are_handed_over_in_order(string command)
    {
        // The pages overtake one another: every third is slow, and all take a while.
        Sim.Faults([.. Enumerable.Range(0, Pages).Where(page => page % 3 == 1)
            .Select(page => Fault.On("GET /v2/account/devices", Fault.Delay(150), page: page))]);
        Sim.Configure("\"latencyMs\": 20");

        IReadOnlyList<string?> hostnames = Engine.Invoke($"({command}).hostname").Well().Texts;

        Assert.Equal(5000, hostnames.Count);
        Assert.Equal(5000, hostnames.Distinct().Count());
        // Host names end in the device's position in the account.
        Assert.Equal(Enumerable.Range(0, 5000), hostnames.Select(name => int.Parse(name![^5..])));
        Assert.InRange(Sim.Counters().MaxConcurrent, 4, 9);
    }

    [Fact]
    public void No_page_is_asked_for_when_a_later_command_has_enough()
    {
        // The engine alone has no Select-Object, which ends the pipeline in the same way.
        Engine.Run("foreach ($once in 1) { Get-DrmmDevice | ForEach-Object { $_; break } }");

        Assert.Equal("0", Assert.Single(Sim.Calls())["page"]);
    }

    [Theory]
    [InlineData("Get-DrmmDevice | Select-First 5")]
    [InlineData("Get-DrmmDevice -Property hostname | Select-First 5")]
    [InlineData("Get-DrmmAccountDevices | Select-First 5")]
    [InlineData("Invoke-DrmmApi v2/account/devices -All | Select-First 5")]
    public void Five_of_a_long_list_cost_one_request_however_slowly_they_are_read(string script)
    {
        Engine["tests"] = typeof(SelectFirstCommand).Assembly;
        Engine.Run("Import-Module -Assembly $tests");

        // The reader asks the simulator for something else with each of them.
        IReadOnlyList<PSObject?> five = Engine.Run(
            script.Replace("|", "| ForEach-Object { $null = $sim.Read('system/status'); $_ } |"));

        Assert.Equal(5, five.Count);
        Assert.Equal("0", Assert.Single(Sim.Calls("account/devices"))["page"]);
        Assert.Empty(Sim.ArriveWithinASecond());
    }

    [Fact]
    public void Of_a_site_that_has_to_wait_for_its_turn_one_page_is_asked_for()
    {
        Engine.Run("""
            $sites = @(Get-DrmmSite).uid
            Get-DrmmSite | Get-DrmmDevice | ForEach-Object {
                if (++$read % 100 -eq 1) {
                    $looks += , [pscustomobject]@{ Site = $_.siteUid; Paths = $sim.Calls().Path }
                }
            }
            """);

        string?[] sites = [.. Engine.Invoke("$sites").Texts];
        IReadOnlyList<PSObject?> looks = Engine.Run("$looks");
        Assert.InRange(looks.Count, 50, 60);
        foreach (PSObject? look in looks)
        {
            int turn = Array.IndexOf(sites, (string?)Value(look, "Site"));
            ILookup<string, string> asked = ((IEnumerable<object>)Value(look, "Paths")!)
                .Select(path => path.ToString()!).ToLookup(path => path);
            Assert.All(sites.Skip(turn + 1), site =>
                Assert.InRange(asked[$"/api/v2/site/{site}/devices"].Count(), 0, 1));
        }
        Assert.Contains(sites, site => Sim.Calls($"site/{site}/devices").Count > 3);
    }

    [Fact]
    public void What_was_begun_is_given_up_when_a_later_command_has_enough()
    {
        Sim.Configure("\"latencyMs\": 30");
        Engine.Run("foreach ($once in 1) { Get-DrmmDevice | ForEach-Object { if (++$count -gt 260) { break } } }");

        // Two pages were read and at most sixteen asked for ahead of them; the next command finds all in order.
        Assert.InRange(Sim.Calls().Count, 2, 18);
        Assert.Single(Engine.Run("Get-DrmmAccount"));
    }

    [Fact]
    public void A_list_without_a_total_is_read_to_its_end()
    {
        Sim.Faults(Fault.On("GET /v2/account/devices", "{\"totalCount\":null}"));

        Assert.Equal(5000, Engine.Run("Get-DrmmDevice").Count);
        Assert.Equal(Pages, Sim.Calls("account/devices").Count);
    }

    [Fact]
    public void A_list_that_is_longer_than_announced_is_read_to_its_end()
    {
        Sim.Faults(Fault.On("GET /v2/account/devices", "{\"totalCount\":2600}"));

        Assert.Equal(5000, Engine.Run("Get-DrmmDevice").Count);
    }
}
