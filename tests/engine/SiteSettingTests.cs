using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Settings of sites, and their proxy.</summary>
public sealed class SiteSettingTests : EngineTest
{
    private const string Proxy = "-ProxyHost p.example -ProxyPort 3128 -ProxyType http";
    private const string Login = ",\"username\":\"u\",\"password\":\"pw\"";

    public SiteSettingTests()
        : base("--devices 30 --sites 8")
    {
        Engine.Run("""
            $sites = Get-DrmmSite; $site = $sites[0]; $uid = $site.uid
            $device = (Get-DrmmDevice -SiteUid $uid)[0]
            $proxied = $sites.Where({ $_.proxySettings }, 'First')[0]
            $secure = [securestring]::new(); $secure.AppendChar('p'); $secure.AppendChar('w')
            $login = [pscredential]::new('u', $secure)
            """);
        Sim.Reset();
    }

    private string Uid => (string)Engine["uid"]!;

    [Theory]
    [InlineData("Get-DrmmSiteSetting $uid")]
    [InlineData("Get-DrmmSiteSetting -SiteUid $site")]
    [InlineData("$site | Get-DrmmSiteSetting")]
    [InlineData("$uid | Get-DrmmSiteSetting")]
    [InlineData("$device | Get-DrmmSiteSetting")]
    public void Settings_come_with_the_site_that_they_are_of(string script)
    {
        PSObject settings = Engine.Invoke(script).Well().One;

        Assert.Equal($"GET /api/v2/site/{Uid}/settings", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.SiteSetting", settings.TypeNames[0]);
        JsonElement expected = Sim.Read($"site/{Uid}/settings");
        Assert.Equal([.. Json.Names(expected), "siteUid"], Json.Names(settings));
        Assert.Equal(Uid, Value(settings, "siteUid"));
        settings.Properties.Remove("siteUid");
        Json.AssertSame(expected, settings);
    }

    [Fact]
    public void The_gallerys_settings_are_as_the_api_has_them()
    {
        PSObject settings = Engine.Invoke("Get-DrmmSiteSettings $uid").Well().One;

        Assert.Equal("DattoRMM.SiteSetting", settings.TypeNames[0]);
        Json.AssertSame(Sim.Read($"site/{Uid}/settings"), settings);
    }

    [Theory]
    [InlineData("Set-DrmmSiteProxy $uid p.example 3128 http", "")]
    [InlineData("Set-DrmmSiteProxy $site p.example '3128' HTTP", "")]
    [InlineData("Set-DrmmSiteProxy $uid p.example 3128 http u pw", Login)]
    [InlineData("Set-DrmmSiteProxy -s $uid -proxyU u -proxyPa $secure " + Proxy, Login)]
    [InlineData("Set-DrmmSiteProxy $uid -ProxyCredential $login " + Proxy, Login)]
    [InlineData("Set-DrmmSiteProxy $uid -proxyUsername '' " + Proxy, ",\"username\":\"\"")]
    public void A_proxy_is_set_and_the_settings_come_out_as_with_the_gallery_module(string script, string login)
    {
        PSObject settings = Engine.Invoke(script).Well().One;

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal($"POST /api/v2/site/{Uid}/settings/proxy", call.Line);
        Assert.Equal($$"""{"host":"p.example","port":3128,"type":"http"{{login}}}""", call.Body);
        Assert.Equal("DattoRMM.SiteSetting", settings.TypeNames[0]);
        Json.AssertSame(Sim.Read($"site/{Uid}/settings"), settings);
        Assert.Equal("p.example", Value((PSObject)Value(settings, "proxySettings")!, "host"));
    }

    [Fact]
    public void A_proxy_is_set_for_sites_of_the_pipeline_whose_settings_say_their_site()
    {
        Engine.Run($"$set = $sites[0..2] | Set-DrmmSiteProxy {Proxy}");

        Assert.Equal(Engine.Invoke("$sites[0..2].uid").Texts, Engine.Invoke("$set.siteUid").Texts);
        Assert.Equal(3, Sim.Calls().Count);
    }

    [Theory]
    [InlineData("Set-DrmmSiteProxy $uid '' 3128 http", "-ProxyHost is null or empty")]
    [InlineData("$site | Set-DrmmSiteProxy -ProxyHost $null -ProxyPort 3128 -ProxyType http", "-ProxyHost is null")]
    [InlineData("Set-DrmmSiteProxy $uid -ProxyCredential $login -ProxyPassword x " + Proxy, "exclude each other")]
    [InlineData("Set-DrmmSiteProxy $uid -ProxyCredential $login -ProxyUsername x " + Proxy, "exclude each other")]
    public void What_is_no_proxy_is_refused_and_nothing_is_sent(string script, string message)
    {
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Equal("DrmmInvalidArgument,DattoRMM.Commands.SetDrmmSiteProxyCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Set-DrmmSiteProxy $uid p 0 http")]
    [InlineData("Set-DrmmSiteProxy $uid p 65536 http")]
    [InlineData("Set-DrmmSiteProxy $uid p many http")]
    [InlineData("Set-DrmmSiteProxy $uid p 3128 https")]
    [InlineData("Set-DrmmSiteProxy $uid p 3128 http -ProxyCredential $null")]
    public void What_the_engine_refuses_is_not_sent(string script)
    {
        Assert.IsAssignableFrom<ParameterBindingException>(Engine.Invoke(script).Error.Exception);
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Remove-DrmmSiteProxy $proxied.uid", 200)]
    [InlineData("$proxied | Remove-DrmmSiteProxy", 200)]
    [InlineData("Remove-DrmmSiteProxy -siteUid $uid; $proxied = $site", 204)]
    public void A_proxy_is_removed_and_nothing_comes_out(string script, int status)
    {
        Assert.Empty(Engine.Run(script));

        Received call = Assert.Single(Sim.Calls());
        string uid = Text("$proxied.uid");
        Assert.Equal(($"DELETE /api/v2/site/{uid}/settings/proxy", status), (call.Line, call.Status));
        Assert.Equal(JsonValueKind.Null, Sim.Read($"site/{uid}").GetProperty("proxySettings").ValueKind);
    }

    [Fact]
    public void What_if_says_no_more_than_the_site()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("""
            Set-DrmmSiteProxy the-uid p.example 3128 http -ProxyUsername somebody -ProxyPassword hush -WhatIf
            Remove-DrmmSiteProxy other -WhatIf
            """);

        Assert.Contains("Set the proxy", host.Text);
        Assert.Contains("site the-uid", host.Text);
        Assert.Contains("Remove the proxy", host.Text);
        Assert.DoesNotContain("hush", host.Text);
        Assert.DoesNotContain("somebody", host.Text);
    }
}
