using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Making sites and changing them.</summary>
public sealed class SiteWriteTests : EngineTest
{
    private const string Set = "DrmmInvalidArgument,DattoRMM.Commands.SetDrmmSiteCommand";

    public SiteWriteTests()
        : base("--devices 30 --sites 8")
    {
        // One that has all that can be lost.
        Engine.Run("""
            $sites = Get-DrmmSite -ExcludeDeleted
            $site = $sites.Where({ $_.description -and $_.notes }, 'First')[0]
            $uid = $site.uid
            """);
        Sim.Reset();
    }

    private string Uid => (string)Engine["uid"]!;

    [Theory]
    [InlineData("New-DrmmSite 'Neu & Söhne'", """{"name":"Neu & Söhne"}""")]
    [InlineData("New-DrmmSite Neu here 'ask first'", """{"name":"Neu","description":"here","notes":"ask first"}""")]
    [InlineData("New-DrmmSite -siteName Neu -onDemand", """{"name":"Neu","onDemand":true}""")]
    [InlineData(
        "New-DrmmSite -siteName Neu -siteNo x -onDemand:$false -splashtopAutoInstall",
        """{"name":"Neu","notes":"x","onDemand":false,"splashtopAutoInstall":true}""")]
    [InlineData(
        "New-DrmmSite Neu -ProxyHost p -ProxyPort 3128 -ProxyType HTTP",
        """{"name":"Neu","proxySettings":{"host":"p","port":3128,"type":"http"}}""")]
    [InlineData(
        "New-DrmmSite Neu -ProxyHost p -ProxyPort '1' -ProxyType socks5 -ProxyUsername u -ProxyPassword $secure",
        """{"name":"Neu","proxySettings":{"host":"p","port":1,"type":"socks5","username":"u","password":"pw"}}""")]
    [InlineData(
        "New-DrmmSite Neu -ProxyHost p -ProxyPort 1 -ProxyType socks4 -ProxyCredential $login",
        """{"name":"Neu","proxySettings":{"host":"p","port":1,"type":"socks4","username":"u","password":"pw"}}""")]
    public void A_site_is_made_of_what_is_named_and_comes_out(string script, string body)
    {
        Engine.Run("""
            $secure = [securestring]::new(); $secure.AppendChar('p'); $secure.AppendChar('w')
            $login = [pscredential]::new('u', $secure)
            """);

        PSObject made = Engine.Invoke(script).Well().One;

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(("PUT /api/v2/site", body), (call.Line, call.Body));
        Assert.Equal("DattoRMM.Site", made.TypeNames[0]);
        Json.AssertSame(Sim.Read($"site/{Value(made, "uid")}"), made);
        Engine["made"] = made;
        Assert.Equal(Text("$made.uid"), Text("($made | Get-DrmmSite).uid"));
    }

    [Theory]
    [InlineData("New-DrmmSite ''", "-SiteName is null or empty")]
    [InlineData("New-DrmmSite -SiteName $null", "-SiteName is null or empty")]
    [InlineData("New-DrmmSite Neu -ProxyHost p -ProxyPort 1", "needs all of -ProxyHost, -ProxyPort and -ProxyType")]
    [InlineData("New-DrmmSite Neu -ProxyUsername u", "needs all of -ProxyHost, -ProxyPort and -ProxyType")]
    [InlineData("New-DrmmSite Neu -ProxyHost '' -ProxyPort 1 -ProxyType http", "needs all of")]
    [InlineData(
        "New-DrmmSite Neu -ProxyUsername u -ProxyCredential ([pscredential]::new('u', [securestring]::new()))",
        "exclude each other")]
    public void What_makes_no_site_is_refused_and_nothing_is_sent(string script, string message)
    {
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Equal("DrmmInvalidArgument,DattoRMM.Commands.NewDrmmSiteCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void A_name_that_is_taken_is_a_conflict()
    {
        ErrorRecord error = Engine.Invoke("New-DrmmSite $site.name").Error;

        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("Set-DrmmSite $uid -SiteName Neu", "name", "Neu")]
    [InlineData("Set-DrmmSite $uid Neu", "name", "Neu")]
    [InlineData("$site | Set-DrmmSite -SiteName Neu", "name", "Neu")]
    [InlineData("$uid | Set-DrmmSite -SiteDescription 'at the bäck'", "description", "at the bäck")]
    [InlineData("Set-DrmmSite $site -SiteDescription ''", "description", "")]
    [InlineData("Set-DrmmSite $site -SiteNotes 'x'", "notes", "x")]
    [InlineData("Set-DrmmSite $uid -OnDemand $true", "onDemand", true)]
    [InlineData("Set-DrmmSite $uid -OnDemand ([switch] $true)", "onDemand", true)]
    [InlineData("Set-DrmmSite $uid -SplashtopAutoInstall", "splashtopAutoInstall", true)]
    [InlineData("Set-DrmmSite $uid -SplashtopAutoInstall:$false", "splashtopAutoInstall", false)]
    public void What_is_named_changes_and_all_else_is_kept(string script, string field, object value)
    {
        Dictionary<string, JsonElement> before = Fields();
        Sim.Reset();

        PSObject changed = Engine.Invoke(script).Well().One;

        Assert.Equal(
            [$"GET /api/v2/site/{Uid}", $"POST /api/v2/site/{Uid}"], Sim.Calls().Select(call => call.Line));
        Assert.Equal(
            ["name", "description", "notes", "onDemand", "splashtopAutoInstall"],
            Json.Names(JsonDocument.Parse(Sim.Calls()[1].Body).RootElement));
        Assert.Equal("DattoRMM.Site", changed.TypeNames[0]);
        Json.AssertSame(Sim.Read($"site/{Uid}"), changed);
        Assert.Equal(value, Value(changed, field));
        Assert.All(Fields().Where(pair => pair.Key != field), pair =>
            Assert.Equal(before[pair.Key].GetRawText(), pair.Value.GetRawText()));
    }

    [Theory]
    [InlineData("Set-DrmmSite $uid Neu -Replace", """{"name":"Neu"}""")]
    [InlineData("Set-DrmmSite $uid Neu x -Replace", """{"name":"Neu","description":"x"}""")]
    [InlineData(
        "Set-DrmmSite $uid Neu x y $false -splashtopAutoInstall -Replace",
        """{"name":"Neu","description":"x","notes":"y","onDemand":false,"splashtopAutoInstall":true}""")]
    public void Replace_sends_what_is_named_alone_as_the_gallery_module_did(string script, string body)
    {
        PSObject changed = Engine.Invoke(script).Well().One;

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"POST /api/v2/site/{Uid}", body), (call.Line, call.Body));
        Json.AssertSame(Sim.Read($"site/{Uid}"), changed);
        Assert.Equal(body.Contains("notes") ? "y" : null, Value(changed, "notes"));
    }

    [Theory]
    [InlineData("Set-DrmmSite $uid", "No property of the site was named")]
    [InlineData("$site | Set-DrmmSite", "No property of the site was named")]
    [InlineData("Set-DrmmSite $uid -Replace -SiteNotes x", "-Replace needs -SiteName")]
    [InlineData("Set-DrmmSite $uid -SiteName ''", "-SiteName is null or empty")]
    [InlineData("Set-DrmmSite $uid $missing.name -SiteNotes x", "-SiteName is null or empty")]
    [InlineData("$site | Set-DrmmSite -SiteName $null", "-SiteName is null or empty")]
    public void What_changes_nothing_or_takes_the_name_away_is_refused_and_nothing_is_sent(
        string script, string message)
    {
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Equal(Set, error.FullyQualifiedErrorId);
        Assert.Contains(message, error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void Several_sites_are_changed_each_from_what_it_is()
    {
        Engine.Run("$few = $sites[0..3]");

        Engine.Run("$changed = $few | Set-DrmmSite -SiteNotes same");

        Assert.Equal(Engine.Invoke("$few.uid").Texts, Engine.Invoke("$changed.uid").Texts);
        Assert.Equal(Engine.Invoke("$few.name").Texts, Engine.Invoke("$changed.name").Texts);
        Assert.All(Engine.Invoke("$changed.notes").Texts, notes => Assert.Equal("same", notes));
        Assert.Equal(8, Sim.Calls().Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"message":"back at nine"}""")]
    [InlineData("""{"uid":"x","name":null}""")]
    public void A_site_that_cannot_be_read_is_not_written(string answer)
    {
        Outcome missing = Engine.Invoke("Set-DrmmSite ffffffff-0000-4000-8000-000000000000 -SiteNotes x");
        Sim.Faults(Fault.On($"GET /v2/site/{Uid}", Fault.Answer(answer)));
        Outcome strange = Engine.Invoke("Set-DrmmSite $uid -SiteNotes x");

        Assert.Equal(ErrorCategory.ObjectNotFound, missing.Error.CategoryInfo.Category);
        Assert.StartsWith("DrmmMalformedAnswer,", strange.Error.FullyQualifiedErrorId);
        Assert.All(Sim.Calls(), call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public void What_if_names_the_site_and_its_properties_and_reads_nothing()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("""
            New-DrmmSite Neu -WhatIf
            Set-DrmmSite the-uid -SiteNotes hush -OnDemand $true -WhatIf
            Set-DrmmSite other Neu -Replace -WhatIf
            """);

        Assert.Contains("site «Neu»", host.Text);
        Assert.Contains("Set notes, onDemand", host.Text);
        Assert.Contains("site the-uid", host.Text);
        Assert.Contains("Replace all that can be set by name", host.Text);
        Assert.DoesNotContain("hush", host.Text);
        Assert.Empty(Sim.Calls());
    }

    /// <summary>What the site is now.</summary>
    private Dictionary<string, JsonElement> Fields() =>
        Sim.Read($"site/{Uid}").EnumerateObject().ToDictionary(field => field.Name, field => field.Value.Clone());
}
