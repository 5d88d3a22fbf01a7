using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Scope follows what is bound, never its value: one typo must not speak for the whole account.</summary>
public sealed class ScopeTests() : EngineTest("--devices 30 --sites 3")
{
    /// <summary>Each scoped command with each of its scope parameters; the value comes behind it.</summary>
    private static readonly string[] s_scoped =
    [
        "Get-DrmmSite -SiteUid",
        "Get-DrmmSite -Name",
        "Get-DrmmDevice -DeviceUid",
        "Get-DrmmDevice -SiteUid",
        "Get-DrmmDevice -DeviceId",
        "Get-DrmmDevice -MacAddress",
        "Get-DrmmDevice -FilterId",
        "Get-DrmmDevice -SiteUid some -FilterId",
        "Get-DrmmDevice -Hostname",
        "Get-DrmmDevice -DeviceType",
        "Get-DrmmDevice -OperatingSystem",
        "Get-DrmmDevice -SiteName",
        "Get-DrmmAlert -AlertUid",
        "Get-DrmmAlert -SiteUid",
        "Get-DrmmAlert -DeviceUid",
        "Resolve-DrmmAlert -AlertUid",
        "Get-DrmmAccountDevices -FilterId",
        "Get-DrmmSiteDevices -SiteUid",
        "Get-DrmmSiteDevices -SiteUid some -FilterId",
        "Set-DrmmAlertResolve -AlertUid",
        "Get-DrmmNetworkInterface -SiteUid",
        "Get-DrmmNetworkInterface -DeviceUid",
        "Get-DrmmSiteDeviceNetworkInterfaces -SiteUid",
        "Get-DrmmSiteDeviceNetworkInterfaces -SiteUid some -FilterId",
        "Get-DrmmSiteSetting -SiteUid",
        "Get-DrmmSiteSettings -SiteUid",
        "New-DrmmSite -SiteName",
        "Remove-DrmmSiteProxy -SiteUid",
        "Set-DrmmSite -SiteNotes x -SiteUid",
        "Set-DrmmSite -SiteUid some -SiteName",
        "Set-DrmmSiteProxy -ProxyHost p -ProxyPort 1 -ProxyType http -SiteUid",
        "Set-DrmmSiteProxy -SiteUid some -ProxyPort 1 -ProxyType http -ProxyHost",
        "Get-DrmmAuditDevice -DeviceUid",
        "Get-DrmmAuditDeviceSoftware -DeviceUid",
        "Get-DrmmAuditESXi -DeviceUid",
        "Get-DrmmAuditPrinter -DeviceUid",
        "Get-DrmmComponent -Name",
        "Get-DrmmComponent -ComponentUid",
        "Get-DrmmCustomFilters -Name",
        "Get-DrmmDefaultFilters -Name",
        "Get-DrmmDeviceAudit -DeviceUid",
        "Get-DrmmDeviceAudit -MacAddress",
        "Get-DrmmDeviceOpenAlerts -DeviceUid",
        "Get-DrmmDeviceResolvedAlerts -DeviceUid",
        "Get-DrmmDeviceSoftware -DeviceUid",
        "Get-DrmmFilter -Name",
        "Get-DrmmFilter -SiteUid",
        "Get-DrmmPatch -DeviceUid",
        "Get-DrmmPatch -SiteUid",
        "Get-DrmmSiteOpenAlerts -SiteUid",
        "Get-DrmmSiteResolvedAlerts -SiteUid",
        "Get-DrmmSiteVariables -SiteUid",
        "Get-DrmmUser -Name",
        "Get-DrmmUser -Email",
        "Get-DrmmVariable -Name",
        "Get-DrmmVariable -SiteUid",
        "New-DrmmVariable -Value x -Name",
        "New-DrmmVariable x y -SiteUid",
        "New-DrmmAccountVariable -value x -name",
        "New-DrmmSiteVariable -name x -value y -siteUid",
        "Remove-DrmmVariable -VariableId",
        "Remove-DrmmVariable -Name",
        "Remove-DrmmVariable 7 -SiteUid",
        "Remove-DrmmAccountVariable -variableId",
        "Remove-DrmmSiteVariable -variableId 7 -siteUid",
        "Remove-DrmmSiteVariable -siteUid x -variableId",
        "Set-DrmmVariable -Value x -VariableId",
        "Set-DrmmVariable -Value x -Name",
        "Set-DrmmVariable 7 -Value x -SiteUid",
        "Set-DrmmAccountVariable -name x -value y -variableId",
        "Set-DrmmSiteVariable -variableId 7 -name x -value y -siteUid",
        "Move-DrmmDevice -SiteUid some -DeviceUid",
        "Move-DrmmDevice -DeviceUid some -SiteUid",
        "Move-DrmmDeviceToSite -SiteUid some -DeviceUid",
        "Move-DrmmDeviceToSite -DeviceUid some -SiteUid",
        "Set-DrmmDeviceUdf -Udf1 x -DeviceUid",
        "Set-DrmmDeviceUdf -Udf @{ 1 = 'x' } -DeviceUid",
        "Set-DrmmDeviceWarranty -WarrantyDate 2027-01-31 -DeviceUid",
        "Set-DrmmDeviceWarranty -Clear -DeviceUid",
        "Set-DrmmDeviceWarranty -DeviceUid some -WarrantyDate",
        "Get-DrmmJob -JobUid",
        "Get-DrmmJobComponent -JobUid",
        "Get-DrmmJobResult -DeviceUid some -JobUid",
        "Get-DrmmJobResult -JobUid some -DeviceUid",
        "Get-DrmmJobOutput -DeviceUid some -JobUid",
        "Get-DrmmJobOutput -JobUid some -DeviceUid",
        "Get-DrmmJobStatus -JobUid",
        "Get-DrmmJobResults -DeviceUid some -JobUid",
        "Get-DrmmJobResults -JobUid some -DeviceUid",
        "Start-DrmmQuickJob -Component some -DeviceUid",
        "Start-DrmmQuickJob -DeviceUid some -Component",
        "Set-DrmmDeviceQuickJob -JobName some -ComponentName some -DeviceUid",
        "Set-DrmmDeviceQuickJob -DeviceUid some -ComponentName some -JobName",
        "Set-DrmmDeviceQuickJob -DeviceUid some -JobName some -ComponentName",
    ];

    /// <summary>Each command that takes input.</summary>
    private static readonly string[] s_piping =
    [
        "Get-DrmmSite",
        "Get-DrmmDevice",
        "Get-DrmmAlert",
        "Resolve-DrmmAlert",
        "Get-DrmmNetworkInterface",
        "Get-DrmmSiteSetting",
        "Remove-DrmmSiteProxy",
        "Set-DrmmSite -SiteNotes x",
        "Set-DrmmSiteProxy -ProxyHost p -ProxyPort 1 -ProxyType http",
        "Move-DrmmDevice -SiteUid some",
        "Set-DrmmDeviceUdf -Udf1 x",
        "Set-DrmmDeviceWarranty -Clear",
        "Get-DrmmJob",
        "Get-DrmmJobComponent",
        "Get-DrmmJobResult",
        "Get-DrmmJobOutput -JobUid some",
        "Start-DrmmQuickJob some",
    ];

    public static TheoryData<string, string> Empty
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string command in s_scoped)
            {
                foreach (string value in new[] { "$null", "''", "'  '", "$missing.uid" })
                {
                    cases.Add(command, value);
                }
            }
            return cases;
        }
    }

    public static TheoryData<string> Scoped => new(s_scoped);

    public static TheoryData<string, string> Piped
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string command in s_piping)
            {
                foreach (string value in new[]
                {
                    "$null",
                    "''",
                    "'  '",
                    "[pscustomobject]@{ name = 'without uid' }",
                    "[pscustomobject]@{ uid = 'of what?' }",
                    "[pscustomobject]@{ siteUid = ''; deviceUid = ''; alertUid = '' }",
                    "[pscustomobject]@{ siteUid = $null; deviceUid = $null; alertUid = $null }",
                    "[pscustomobject]@{ PSTypeName = 'DattoRMM.Device'; hostname = 'without uid' }",
                    "[pscustomobject]@{ PSTypeName = 'DattoRMM.Site'; name = 'without uid' }",
                    "@{ name = 'a table' }",
                    "(Get-Module)",
                })
                {
                    cases.Add(command, value);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Empty))]
    public void A_parameter_that_says_nothing_is_an_invalid_argument_and_nothing_is_sent(string command, string value)
    {
        Outcome outcome = Engine.Invoke($"{command} {value}");

        Assert.Empty(outcome.Output);
        AssertRefused(outcome.Error);
    }

    [Theory]
    [MemberData(nameof(Scoped))]
    public void An_empty_list_is_an_invalid_argument_and_nothing_is_sent(string command)
    {
        Outcome outcome = Engine.Invoke($"{command} @()");

        Assert.Empty(outcome.Output);
        // Where one value is wanted, the engine itself refuses a list.
        Assert.Equal(ErrorCategory.InvalidArgument, outcome.Error.CategoryInfo.Category);
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [MemberData(nameof(Piped))]
    public void Input_that_does_not_say_what_is_meant_is_an_invalid_argument_and_nothing_is_sent(
        string command, string value)
    {
        Outcome outcome = Engine.Invoke($"{value} | {command}");

        Assert.Empty(outcome.Output);
        AssertRefused(outcome.Error);
    }

    [Theory]
    [InlineData("Resolve-DrmmAlert", "$device")]
    [InlineData("Resolve-DrmmAlert", "$site")]
    [InlineData("Get-DrmmDevice", "[pscustomobject]@{ siteUid = 'x'; uid = 'ambiguous' }")]
    [InlineData("Set-DrmmSite -SiteNotes x", "$device")]
    [InlineData("Set-DrmmSiteProxy -ProxyHost p -ProxyPort 1 -ProxyType http", "$device")]
    [InlineData("Remove-DrmmSiteProxy", "$device")]
    [InlineData("Remove-DrmmSiteProxy", "$alert")]
    [InlineData("Remove-DrmmSiteProxy", "[pscustomobject]@{ deviceUid = 'x'; siteUid = 'y' }")]
    [InlineData("Remove-DrmmSiteProxy", "[pscustomobject]@{ alertUid = 'x'; siteUid = 'y' }")]
    [InlineData("Remove-DrmmSiteProxy", "[pscustomobject]@{ uid = 'x'; siteUid = 'y'; hostname = 'z' }")]
    [InlineData("Remove-DrmmSiteProxy", "@{ uid = 'x'; siteUid = 'y'; hostname = 'z' }")]
    [InlineData("Get-DrmmDevice", "@{ uid = 'ambiguous'; siteUid = 'y' }")]
    [InlineData("New-DrmmVariable a b", "$device")]
    [InlineData("Set-DrmmVariable -Name a -Value b", "$device")]
    [InlineData("Remove-DrmmVariable -Name a", "$device")]
    [InlineData("Remove-DrmmVariable -Name a", "[pscustomobject]@{ deviceUid = 'x'; siteUid = 'y' }")]
    [InlineData("Move-DrmmDevice -SiteUid some", "$site")]
    [InlineData("Get-DrmmDevice -FilterId 104", "$device")]
    [InlineData("Get-DrmmAlert -Status Resolved", "$alert")]
    public void Input_of_the_wrong_kind_is_an_invalid_argument_and_nothing_is_sent(string command, string value)
    {
        Engine.Run("$site = (Get-DrmmSite)[0]; $device = (Get-DrmmDevice)[0]; $alert = (Get-DrmmAlert)[0]");
        Sim.Reset();

        AssertRefused(Engine.Invoke($"{value} | {command}").Error);
    }

    [Theory]
    [InlineData("Get-DrmmDevice")]
    [InlineData("Get-DrmmSite")]
    [InlineData("Get-DrmmAlert")]
    [InlineData("Resolve-DrmmAlert")]
    public void An_empty_pipeline_does_not_speak_for_the_account(string command)
    {
        Assert.Empty(Engine.Run($"@() | {command}"));
        Assert.Empty(Engine.Run($"Get-DrmmDevice -FilterId 20002 | {command}"));
        Assert.DoesNotContain(Sim.Calls(), call => call["filterId"] == null);
    }

    [Fact]
    public void Resolving_without_saying_what_is_an_error_and_nothing_is_sent()
    {
        Outcome outcome = Engine.Invoke("Resolve-DrmmAlert");

        Assert.Single(outcome.Errors);
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void A_site_and_a_device_are_told_apart_though_both_have_a_uid()
    {
        Engine.Run("$site = (Get-DrmmSite)[0]; $device = (Get-DrmmDevice)[0]");
        Sim.Reset();

        Engine.Run("$null = $site, $device | Get-DrmmDevice");

        // They are sent side by side.
        Assert.Equal(
            [$"/api/v2/device/{Text("$device.uid")}", $"/api/v2/site/{Text("$site.uid")}/devices"],
            Sim.Calls().Select(call => call.Path).Order());
    }

    [Theory]
    [InlineData("$($xml = [Management.Automation.PSSerializer]; $xml::Deserialize($xml::Serialize($site)))")]
    [InlineData("$($copy = $site.PSObject.Copy(); $copy.PSObject.TypeNames[0] = 'Selected.DattoRMM.Site'; $copy)")]
    public void A_site_stays_a_site_when_it_was_copied_or_sent_through_a_job(string copy)
    {
        Engine.Run("$site = (Get-DrmmSite)[0]");
        Sim.Reset();

        Engine.Run($"$null = {copy} | Get-DrmmDevice");

        Assert.Equal($"/api/v2/site/{Text("$site.uid")}/devices", Assert.Single(Sim.Calls()).Path);
    }

    private void AssertRefused(ErrorRecord error)
    {
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Empty(Sim.Calls());
    }
}
