using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What counts as a uid: text, a GUID or a whole number, and nothing that merely has a text.</summary>
public sealed class UidTests() : EngineTest("--devices 5 --sites 2")
{
    [Theory]
    [InlineData("Resolve-DrmmAlert", "$true", "System.Boolean")]
    [InlineData("Get-DrmmDevice", "1.5", "System.Double")]
    [InlineData("Get-DrmmDevice", "[datetime]::Now", "System.DateTime")]
    [InlineData("Get-DrmmDevice", "@{ a = 1 }", "System.Collections.Hashtable")]
    [InlineData("Get-DrmmAlert", ", ('a', 'b')", "System.Object[]")]
    [InlineData("Resolve-DrmmAlert", "[pscustomobject]@{ alertUid = 'a', 'b' }", "System.Object[]")]
    [InlineData("Resolve-DrmmAlert", "@{ alertUid = $true }", "System.Boolean")]
    public void Input_that_is_no_uid_is_refused_by_its_type(string command, string value, string type)
    {
        ErrorRecord error = Engine.Invoke($"{value} | {command}").Error;

        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Contains($"type {type} is not the uid of", error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Get-DrmmDevice -SiteUid @{ a = 1 }", "System.Collections.Hashtable")]
    [InlineData("Get-DrmmDevice $true", "System.Boolean")]
    [InlineData("Get-DrmmDevice 'a', $true", "System.Boolean")]
    [InlineData("Get-DrmmSite 'a', ('b', 'c')", "System.Object[]")]
    [InlineData("Resolve-DrmmAlert ([pscustomobject]@{ alertUid = 'a', 'b' })", "System.Object[]")]
    [InlineData("Set-DrmmAlertResolve $false", "System.Boolean")]
    public void A_value_that_is_no_uid_is_refused_by_its_type(string script, string type)
    {
        // The engine reports what a parameter refuses, under a category of its own.
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.IsAssignableFrom<ParameterBindingException>(error.Exception);
        Assert.Contains($"type {type} is not the uid of", error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Set-DrmmSite $device -SiteNotes x")]
    [InlineData("Set-DrmmSiteProxy $device p 1 http")]
    [InlineData("Remove-DrmmSiteProxy $device")]
    [InlineData("New-DrmmVariable a b -SiteUid $device")]
    [InlineData("Set-DrmmVariable -Name a -Value b -SiteUid $device")]
    [InlineData("Remove-DrmmVariable -Name a -SiteUid $device")]
    [InlineData("New-DrmmSiteVariable $device a b")]
    [InlineData("Set-DrmmSiteVariable $device 5 a b")]
    [InlineData("Remove-DrmmSiteVariable $device 5")]
    public void A_change_of_a_site_takes_no_device_for_it(string script)
    {
        Engine.Run("$device = (Get-DrmmDevice)[0]");
        Sim.Reset();

        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Contains("is a device where a site is expected", error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Get-DrmmDevice -SiteUid 'a', 'b'")]
    [InlineData("Get-DrmmAlert -DeviceUid 'a', 'b'")]
    [InlineData("Set-DrmmAlertResolve 'a', 'b'")]
    public void Several_values_are_refused_where_one_is_meant(string script)
    {
        Assert.Equal(ErrorCategory.InvalidArgument, Engine.Invoke(script).Error.CategoryInfo.Category);
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Get-DrmmDevice 17", "device/17")]
    [InlineData("17 | Get-DrmmDevice", "device/17")]
    [InlineData("[guid]::Empty | Get-DrmmDevice", "device/00000000-0000-0000-0000-000000000000")]
    [InlineData("Get-DrmmDevice ([psobject] [guid]::Empty)", "device/00000000-0000-0000-0000-000000000000")]
    [InlineData("[psobject] 'abc' | Get-DrmmDevice", "device/abc")]
    [InlineData("@{ deviceUid = 'abc' } | Get-DrmmDevice", "device/abc")]
    [InlineData("[ordered]@{ uid = 'x'; deviceUid = 'abc' } | Get-DrmmDevice", "device/abc")]
    [InlineData("@{ siteUid = 'abc' } | Get-DrmmDevice", "site/abc/devices")]
    [InlineData("Get-DrmmDevice -SiteUid @{ siteUid = 'abc' }", "site/abc/devices")]
    [InlineData("Get-DrmmSite @{ siteUid = 17 }", "site/17")]
    public void A_uid_is_text_a_guid_or_a_number_by_itself_or_in_a_table(string script, string path)
    {
        Engine.Invoke(script);

        Assert.Equal($"/api/v2/{path}", Assert.Single(Sim.Calls()).Path);
    }

    [Fact]
    public void A_set_of_uids_is_a_list()
    {
        Engine.Invoke("Get-DrmmDevice ([Collections.Generic.HashSet[string]] ('a', 'b'))");

        Assert.Equal(["/api/v2/device/a", "/api/v2/device/b"], Sim.Calls().Select(call => call.Path).Order());
    }
}
