using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Variables of the account and of sites: read, created, changed, removed.</summary>
public sealed class VariableTests : EngineTest
{
    private const string Account = "/api/v2/account/variable";

    public VariableTests()
        : base("--devices 20 --sites 3")
    {
        Engine.Run("""
            $sites = Get-DrmmSite
            $siteUid = $sites[0].uid
            $variables = Invoke-DrmmApi v2/account/variables -All
            $plain = $variables | Where-Object name -eq BackupServer
            $masked = ($variables | Where-Object masked)[0]
            New-DrmmVariable -SiteUid $siteUid -Name Target -Value srv-1
            $ofSite = Get-DrmmVariable -SiteUid $siteUid -Name Target
            """);
        Sim.Reset();
    }

    private string Site => Text("$siteUid");

    private string OfSite => $"/api/v2/site/{Site}/variable";

    private string Plain => Engine.Invoke("$plain.id").One.ToString();

    private string Own => Engine.Invoke("$ofSite.id").One.ToString();

    [Fact]
    public void Those_of_the_account_come_as_the_api_has_them()
    {
        IReadOnlyList<PSObject?> variables = Engine.Run("Get-DrmmVariable");

        Assert.Equal(
            "GET /api/v2/account/variables?max=250&page=0", Assert.Single(Sim.Calls("account/variables")).Line);
        JsonElement list = Sim.Read("account/variables?max=250").GetProperty("variables");
        Assert.Equal(list.GetArrayLength(), variables.Count);
        for (int i = 0; i < variables.Count; i++)
        {
            Assert.Equal("DattoRMM.Variable", variables[i]!.TypeNames[0]);
            Json.AssertSame(list[i], variables[i]);
        }
    }

    [Theory]
    [InlineData("Get-DrmmVariable -SiteUid $siteUid")]
    [InlineData("Get-DrmmVariable -SiteUid $sites[0]")]
    [InlineData("$sites[0] | Get-DrmmVariable")]
    [InlineData("$siteUid | Get-DrmmVariable")]
    [InlineData("(Get-DrmmDevice | Where-Object siteUid -eq $siteUid)[0] | Get-DrmmVariable -Name Target")]
    public void Those_of_a_site_say_which_site_it_is_in_their_last_property(string script)
    {
        IReadOnlyList<PSObject?> variables = Engine.Run(script);

        Assert.Equal($"{OfSite}s", Sim.Calls()[^1].Path);
        Assert.NotEmpty(variables);
        Assert.All(variables, variable => Assert.Equal("siteUid", Json.Names(variable!)[^1]));
        Assert.All(variables, variable => Assert.Equal(Site, Value(variable, "siteUid")));
    }

    [Fact]
    public void Those_of_several_sites_come_one_site_after_the_other()
    {
        Engine.Run("New-DrmmVariable -SiteUid $sites[2].uid -Name Target -Value srv-3");

        Assert.Equal(
            Engine.Invoke("$sites[0, 2].uid").Texts,
            Engine.Invoke("($sites | Get-DrmmVariable -Name Target).siteUid").Texts);
        Assert.Equal(
            Engine.Invoke("$sites[2, 0].uid").Texts,
            Engine.Invoke("(Get-DrmmVariable -SiteUid $sites[2], $siteUid -Name Target).siteUid").Texts);
    }

    [Theory]
    [InlineData("Get-DrmmVariable BACKUPserver", "BackupServer")]
    [InlineData("Get-DrmmVariable -Name 'Backup*', 'x'", null)]
    [InlineData("Get-DrmmVariable -Name '*pass*'", "ProxyPasswort")]
    [InlineData("Get-DrmmVariable -Name '[lw]*'", "Lizenzschlüssel WartungsfensterBeginn LAPS_Rotation_Tage leer")]
    [InlineData("Get-DrmmVariable -Name none", "")]
    public void Names_may_hold_wildcards(string script, string? names)
    {
        Outcome outcome = Engine.Invoke($"({script}).name");

        Assert.Equal(names, outcome.Errors.Count > 0 ? null : string.Join(' ', outcome.Texts.OfType<string>()));
    }

    [Fact]
    public void The_gallerys_commands_give_only_what_the_api_gives()
    {
        Json.AssertSame(
            Sim.Read($"site/{Site}/variables").GetProperty("variables")[0], Engine.Run("Get-DrmmSiteVariables $siteUid")[0]);
    }

    [Theory]
    [InlineData("New-DrmmVariable new 'ä \"1\"'", null, false)]
    [InlineData("New-DrmmVariable -Name new -Value 'ä \"1\"' -Masked", null, true)]
    [InlineData("New-DrmmVariable new 'ä \"1\"' -SiteUid $siteUid", "site", false)]
    [InlineData("$sites[0] | New-DrmmVariable new 'ä \"1\"' -Masked", "site", true)]
    [InlineData("New-DrmmAccountVariable new 'ä \"1\"'", null, false)]
    [InlineData("New-DrmmSiteVariable $siteUid new 'ä \"1\"' -masked", "site", true)]
    public void A_variable_is_created_where_it_is_wanted(string script, string? owner, bool masked)
    {
        Assert.Empty(Engine.Run(script));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal($"PUT {(owner == null ? Account : OfSite)}", call.Line);
        AssertBody($$"""{"name":"new","value":"ä \"1\"","masked":{{(masked ? "true" : "false")}}}""", call);
    }

    [Theory]
    [InlineData("Remove-DrmmVariable $ofSite")]
    [InlineData("Remove-DrmmVariable -VariableId $plain.id, $ofSite")]
    [InlineData("Set-DrmmVariable $ofSite -Value x")]
    [InlineData("Remove-DrmmAccountVariable $ofSite")]
    [InlineData("Set-DrmmAccountVariable $ofSite name x")]
    public void A_variable_of_a_site_in_place_of_a_number_is_not_taken_for_the_accounts(string script)
    {
        Assert.Contains("The variable is of a site", Engine.Invoke(script).Error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Remove-DrmmVariable (Get-DrmmVariable -Name BackupServer)")]
    [InlineData("Remove-DrmmAccountVariable (Get-DrmmAccountVariables).Where{ $_.name -eq 'BackupServer' }[0]")]
    public void A_variable_of_the_account_may_stand_for_its_number(string script)
    {
        Engine.Run(script);

        Assert.Equal($"DELETE {Account}/{Plain}", Sim.Calls()[^1].Line);
    }

    [Fact]
    public void Each_piped_site_gets_its_variable_one_after_the_other()
    {
        Engine.Run("$sites | New-DrmmVariable -Name new -Value x");

        Assert.Equal(
            Engine.Invoke("$sites.ForEach{ \"/api/v2/site/$($_.uid)/variable\" }").Texts,
            Sim.Calls().Select(call => call.Path));
    }

    [Theory]
    [InlineData("New-DrmmVariable new $secure")]
    [InlineData("New-DrmmAccountVariable -name new -value $secure")]
    [InlineData("New-DrmmSiteVariable $siteUid new $secure")]
    [InlineData("Set-DrmmVariable $plain.id -Value $secure -NewName new")]
    [InlineData("Set-DrmmVariable $plain.id $secure -NewName new")]
    [InlineData("Set-DrmmAccountVariable $plain.id new $secure")]
    [InlineData("Set-DrmmSiteVariable $siteUid $ofSite.id new $secure")]
    public void A_value_may_be_a_secure_string(string script)
    {
        Engine["secure"] = new System.Net.NetworkCredential("", "hidden").SecurePassword;

        Engine.Run(script);

        using JsonDocument body = JsonDocument.Parse(Assert.Single(Sim.Calls()).Body);
        Assert.Equal("hidden", body.RootElement.GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("Set-DrmmVariable $plain.id -Value v -NewName n", "n")]
    [InlineData("Set-DrmmVariable -VariableId $plain -Value v -NewName n", "n")]
    [InlineData("$plain.id | Set-DrmmVariable -Value v -NewName n", "n")]
    [InlineData("$known = Get-DrmmVariable BackupServer; $sim.Reset(); $known | Set-DrmmVariable -Value v", "BackupServer")]
    [InlineData("Set-DrmmAccountVariable $plain.id n v", "n")]
    public void What_is_known_is_changed_with_one_request(string script, string name)
    {
        Assert.Empty(Engine.Run(script.Replace("-VariableId $plain ", "-VariableId (Get-DrmmVariable)[0] ")));

        Received call = Sim.Calls()[^1];
        Assert.Equal($"POST {Account}/{Plain}", call.Line);
        AssertBody($$"""{"name":"{{name}}","value":"v"}""", call);
        Assert.Single(Sim.Calls(), one => one.Method == "POST");
    }

    [Theory]
    [InlineData("Set-DrmmVariable $plain.id -Value v", "BackupServer", "v")]
    [InlineData("Set-DrmmVariable $plain.id -Value ''", "BackupServer", "")]
    [InlineData("Set-DrmmVariable $plain.id -NewName n", "n", null)]
    [InlineData("$plain.id | Set-DrmmVariable -Value v", "BackupServer", "v")]
    [InlineData("Set-DrmmVariable -Name backupserver -Value v", "BackupServer", "v")]
    [InlineData("Set-DrmmVariable -Name BackupServer -NewName n", "n", null)]
    [InlineData("Set-DrmmVariable -Name BackupServer -NewName n -Value v", "n", "v")]
    public void What_is_not_known_is_looked_up_and_what_is_not_named_is_kept(string script, string name, string? value)
    {
        value ??= Text("$plain.value");

        Assert.Empty(Engine.Run(script));

        Assert.Equal(
            ["GET /api/v2/account/variables?max=250&page=0", $"POST {Account}/{Plain}"],
            Sim.Calls().Select(call => call.Line));
        AssertBody($$"""{"name":"{{name}}","value":"{{value}}"}""", Sim.Calls()[1]);
    }

    [Theory]
    [InlineData("$ofSite | Set-DrmmVariable -Value v", 1)]
    [InlineData("$ofSite | Set-DrmmVariable -SiteUid $siteUid -Value v", 1)]
    [InlineData("[pscustomobject]@{ variableId = $ofSite.id; siteUid = $siteUid } | Set-DrmmVariable -Value v", 2)]
    [InlineData("@{ variableId = $ofSite.id; siteUid = $siteUid } | Set-DrmmVariable -Value v", 2)]
    [InlineData("Set-DrmmVariable $ofSite.id -SiteUid $siteUid -Value v", 2)]
    [InlineData("Set-DrmmVariable -Name target -SiteUid $siteUid -Value v", 2)]
    [InlineData("$sites[0] | Set-DrmmVariable -Name Target -Value v", 2)]
    [InlineData("Set-DrmmSiteVariable $siteUid $ofSite.id Target v", 1)]
    public void A_sites_variable_is_changed_at_its_site(string script, int requests)
    {
        Assert.Empty(Engine.Run(script));

        Assert.Equal(requests, Sim.Calls().Count);
        Assert.Equal($"POST {OfSite}/{Own}", Sim.Calls()[^1].Line);
        AssertBody("""{"name":"Target","value":"v"}""", Sim.Calls()[^1]);
        Assert.Equal("v", Text("(Get-DrmmVariable -SiteUid $siteUid -Name Target).value"));
    }

    [Theory]
    [InlineData("Set-DrmmVariable $masked.id -NewName n")]
    [InlineData("Set-DrmmVariable -Name $masked.name -NewName n")]
    [InlineData("Get-DrmmVariable $masked.name | Set-DrmmVariable -NewName n")]
    public void The_value_of_a_masked_variable_is_not_kept_since_nobody_knows_it(string script)
    {
        Outcome outcome = Engine.Invoke(script);

        AssertInvalid(outcome.Error);
        Assert.Contains("-Value", outcome.Error.ToString());
        Assert.DoesNotContain(Sim.Calls(), call => call.Method != "GET");
    }

    [Fact]
    public void A_masked_variable_can_be_given_a_value()
    {
        Engine.Run("Set-DrmmVariable -Name $masked.name -Value v");

        AssertBody($$"""{"name":"{{Text("$masked.name")}}","value":"v"}""", Sim.Calls()[^1]);
    }

    [Theory]
    [InlineData("Remove-DrmmVariable $plain.id")]
    [InlineData("Remove-DrmmVariable -VariableId $plain.id")]
    [InlineData("$plain.id | Remove-DrmmVariable")]
    [InlineData("$known = Get-DrmmVariable BackupServer; $sim.Reset(); $known | Remove-DrmmVariable")]
    [InlineData("Remove-DrmmVariable -Name backupserver")]
    [InlineData("Remove-DrmmAccountVariable $plain.id")]
    public void A_variable_is_removed(string script)
    {
        Assert.Empty(Engine.Run(script));

        string[] expected = script.Contains("-Name")
            ? ["GET /api/v2/account/variables?max=250&page=0", $"DELETE {Account}/{Plain}"]
            : [$"DELETE {Account}/{Plain}"];
        Assert.Equal(expected, Sim.Calls().Select(call => call.Line));
        Assert.DoesNotContain("BackupServer", Engine.Invoke("(Get-DrmmVariable).name").Texts);
    }

    [Theory]
    [InlineData("$ofSite | Remove-DrmmVariable", 1)]
    [InlineData("Remove-DrmmVariable $ofSite.id -SiteUid $siteUid", 1)]
    [InlineData("Remove-DrmmVariable -Name Target -SiteUid $sites[0]", 2)]
    [InlineData("$sites[0] | Remove-DrmmVariable -Name Target", 2)]
    [InlineData("Remove-DrmmSiteVariable $siteUid $ofSite.id", 1)]
    public void A_sites_variable_is_removed_from_its_site(string script, int requests)
    {
        Assert.Empty(Engine.Run(script));

        Assert.Equal(requests, Sim.Calls().Count);
        Assert.Equal($"DELETE {OfSite}/{Own}", Sim.Calls()[^1].Line);
        Assert.Empty(Engine.Run("Get-DrmmVariable -SiteUid $siteUid -Name Target"));
    }

    [Fact]
    public void All_variables_of_the_account_can_be_removed_by_pipeline_and_what_if_removes_none()
    {
        Engine.Run("Get-DrmmVariable | Remove-DrmmVariable -WhatIf");
        Assert.DoesNotContain(Sim.Calls(), call => call.Method != "GET");

        Engine.Run("Get-DrmmVariable | Remove-DrmmVariable");
        Assert.Empty(Engine.Run("Get-DrmmVariable"));
    }

    [Fact]
    public void What_if_names_the_variable_and_the_site()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("""
            New-DrmmVariable Fresh x -WhatIf
            Set-DrmmVariable -Name Other -Value x -SiteUid the-site -WhatIf
            Remove-DrmmVariable 7 -WhatIf
            """);

        Assert.Contains("\"Create variable\" on target \"variable Fresh\"", host.Text);
        Assert.Contains("\"Change variable\" on target \"variable Other of site the-site\"", host.Text);
        Assert.Contains("\"Remove variable\" on target \"variable 7\"", host.Text);
    }

    [Theory]
    [InlineData("Set-DrmmVariable -Name none -Value v", "none of the account")]
    [InlineData("Set-DrmmVariable -Name none -Value v -SiteUid $siteUid", "none of site")]
    [InlineData("Set-DrmmVariable 4711 -Value v", "4711 of the account")]
    [InlineData("Remove-DrmmVariable -Name none", "none of the account")]
    [InlineData("$sites[1] | Remove-DrmmVariable -Name Target", "Target of site")]
    public void A_variable_that_is_not_there_is_not_found_and_nothing_is_changed(string script, string told)
    {
        Outcome outcome = Engine.Invoke(script);

        Assert.StartsWith("DrmmNotFound,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, outcome.Error.CategoryInfo.Category);
        Assert.Contains(told, outcome.Error.ToString());
        Assert.DoesNotContain(Sim.Calls(), call => call.Method != "GET");
    }

    [Theory]
    [InlineData("'target'", true)]
    [InlineData("'Target'", false)]
    [InlineData("'TARGET'", false)]
    public void Names_that_differ_in_case_only_are_told_apart_by_case(string name, bool isFound)
    {
        Sim.Faults(Fault.On("GET /v2/account/variables", Fault.Answer("""
            {"pageDetails":{"count":3,"totalCount":3,"prevPageUrl":null,"nextPageUrl":null},
            "variables":[{"id":1,"name":"Target"},{"id":2,"name":"target"},{"id":3,"name":"Target"}]}
            """)));

        Outcome outcome = Engine.Invoke($"Remove-DrmmVariable -Name {name}");

        Assert.Equal(isFound ? [$"{Account}/2"] : [], Sim.Calls().Skip(1).Select(call => call.Path));
        Assert.StartsWith(
            isFound ? "DrmmNotFound," : "DrmmInvalidArgument,", outcome.Error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Set-DrmmVariable $plain.id")]
    [InlineData("Set-DrmmVariable -Name BackupServer")]
    [InlineData("Set-DrmmVariable $plain.id -Value $null")]
    [InlineData("Set-DrmmVariable $plain.id -Value $null -NewName n")]
    [InlineData("Set-DrmmVariable $plain.id -Value v -NewName ''")]
    [InlineData("Set-DrmmVariable $plain.id -Value v -SiteUid ''")]
    [InlineData("Set-DrmmVariable $plain.id -Value v -SiteUid $null")]
    [InlineData("Set-DrmmAccountVariable $plain.id n $null")]
    [InlineData("Set-DrmmSiteVariable $siteUid $ofSite.id '' v")]
    [InlineData("$ofSite | Set-DrmmVariable -Value v -SiteUid $sites[1]")]
    [InlineData("$ofSite | Set-DrmmVariable -Value v -Name Target")]
    [InlineData("$ofSite.siteUid = ''; $ofSite | Set-DrmmVariable -Value v")]
    [InlineData("$ofSite.siteUid = $null; $ofSite | Remove-DrmmVariable")]
    [InlineData("@{ variableId = 7; siteUid = '' } | Remove-DrmmVariable")]
    [InlineData("$sites[0] | Remove-DrmmVariable")]
    [InlineData("$sites[0] | Remove-DrmmVariable -Name Target -SiteUid $sites[1]")]
    [InlineData("Remove-DrmmVariable $plain.id -SiteUid ''")]
    [InlineData("Remove-DrmmVariable -Name BackupServer -SiteUid $null")]
    [InlineData("New-DrmmVariable new $null")]
    [InlineData("New-DrmmVariable '' x")]
    [InlineData("New-DrmmVariable new x -SiteUid $null")]
    [InlineData("New-DrmmAccountVariable new $null")]
    [InlineData("New-DrmmSiteVariable '' new x")]
    public void What_does_not_say_what_is_meant_is_refused_and_nothing_is_sent(string script)
    {
        AssertInvalid(Engine.Invoke(script).Error);
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void A_refused_write_is_an_error_and_the_others_go_on()
    {
        Outcome outcome = Engine.Invoke("4711, $plain.id | Remove-DrmmVariable");

        Assert.StartsWith("DrmmNotFound,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal([404, 200], Sim.Calls().Select(call => call.Status));
    }

    [Fact]
    public void Writes_go_side_by_side_when_told_so()
    {
        Sim.Configure("\"latencyMs\": 100");

        Engine.Run("$sites | New-DrmmVariable -Name new -Value x -ThrottleLimit 3");

        Assert.Equal(3, Sim.Counters().MaxConcurrent);
    }

    private static void AssertInvalid(ErrorRecord error)
    {
        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }

    private static void AssertBody(string expected, Received call)
    {
        using JsonDocument body = JsonDocument.Parse(call.Body);
        using JsonDocument json = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(json.RootElement, body.RootElement), call.Body);
    }
}
