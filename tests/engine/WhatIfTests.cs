using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class WhatIfTests() : EngineTest("--devices 20 --sites 3")
{
    public static TheoryData<string> Writes =>
    [
        "Resolve-DrmmAlert $alert.alertUid",
        "$alert | Resolve-DrmmAlert",
        "$alerts | Resolve-DrmmAlert -ThrottleLimit 4",
        "Set-DrmmAlertResolve $alert.alertUid",
        "Invoke-DrmmApi \"v2/alert/$($alert.alertUid)/resolve\" -Method POST",
        "Invoke-DrmmApi v2/site/x -Method DELETE",
        "Invoke-DrmmApi v2/site -Method PUT -Body @{ name = 'x' } -Raw",
        "New-DrmmSite x",
        "Set-DrmmSite $device.siteUid x",
        "Set-DrmmSite $device.siteUid x -Replace",
        "$site | Set-DrmmSite -SiteNotes x",
        "Set-DrmmSiteProxy $device.siteUid p 1 http",
        "$site | Set-DrmmSiteProxy -ProxyHost p -ProxyPort 1 -ProxyType http",
        "Remove-DrmmSiteProxy $device.siteUid",
        "Move-DrmmDevice $device.uid $device.siteUid",
        "$device | Move-DrmmDevice -SiteUid $device.siteUid",
        "Move-DrmmDeviceToSite $device.uid $device.siteUid",
        "Set-DrmmDeviceUdf $device.uid x",
        "Set-DrmmDeviceUdf $device.uid -Udf @{ 31 = 'x' }",
        "$device | Set-DrmmDeviceUdf -Udf @{ 31 = 'x' } -Typed",
        "Set-DrmmDeviceWarranty $device.uid 2027-01-31",
        "$device | Set-DrmmDeviceWarranty -Clear",
        "Start-DrmmQuickJob some $device.uid",
        "New-DrmmVariable x y",
        "New-DrmmVariable x y -SiteUid $device.siteUid",
        "New-DrmmAccountVariable x y",
        "New-DrmmSiteVariable $device.siteUid x y",
        "Remove-DrmmVariable 7",
        "Remove-DrmmVariable -Name x",
        "[pscustomobject]@{ variableId = 7; siteUid = 'x' } | Remove-DrmmVariable",
        "Remove-DrmmAccountVariable 7",
        "Remove-DrmmSiteVariable $device.siteUid 7",
        "Set-DrmmVariable 7 -Value x -NewName y",
        "Set-DrmmVariable -Name x -Value y",
        "[pscustomobject]@{ variableId = 7 } | Set-DrmmVariable -Value y",
        "Set-DrmmAccountVariable 7 x y",
        "Set-DrmmSiteVariable $device.siteUid 7 x y",
        "Start-DrmmQuickJob $device.uid some",
        "$device | Start-DrmmQuickJob some -Variable @{ a = 'b' } -Wait",
        "Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName x -ComponentName x",
        "Reset-DrmmApiKey",
        "New-ApiRequest POST \"/v2/alert/$($alert.alertUid)/resolve\"",
    ];

    [Theory]
    [MemberData(nameof(Writes))]
    public void What_if_sends_nothing(string script)
    {
        Engine.Run("""
            $alerts = Get-DrmmAlert; $alert = $alerts[0]; $device = (Get-DrmmDevice)[0]; $site = (Get-DrmmSite)[0]
            """);
        Sim.Reset();

        Assert.Empty(Engine.Run($"{script} -WhatIf"));

        Assert.Empty(Sim.Requests());
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void What_if_by_preference_sends_nothing(string script)
    {
        Engine.Run("""
            $alerts = Get-DrmmAlert; $alert = $alerts[0]; $device = (Get-DrmmDevice)[0]; $site = (Get-DrmmSite)[0]
            $WhatIfPreference = $true
            """);
        Sim.Reset();

        Assert.Empty(Engine.Run(script));

        Assert.Empty(Sim.Requests());
    }

    [Fact]
    public void What_if_says_what_would_be_done_to_which_alert()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("Resolve-DrmmAlert the-uid -WhatIf");

        Assert.Contains("Resolve alert", host.Text);
        Assert.Contains("alert the-uid", host.Text);
    }

    [Theory]
    [InlineData("Invoke-DrmmApi v2/account -WhatIf")]
    [InlineData("New-ApiRequest GET /v2/account -WhatIf")]
    public void What_if_does_not_keep_a_read_from_being_sent(string script)
    {
        Assert.Single(Engine.Run(script));
        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void Reads_have_no_what_if()
    {
        Assert.Empty(Engine.Run("""
            Get-Command -Module DattoRMM -Name Get-*, Connect-*, Disconnect-* |
                Where-Object { $_.Parameters.ContainsKey('WhatIf') }
            """));
    }
}
