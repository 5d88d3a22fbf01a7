using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class AlertTests() : EngineTest("--devices 40 --sites 3 --alerts-open 300 --alerts-resolved 280")
{
    [Fact]
    public void Open_alerts_of_the_account_come_as_the_api_has_them()
    {
        IReadOnlyList<PSObject?> alerts = Engine.Run("Get-DrmmAlert");

        IReadOnlyList<Received> calls = Sim.Calls("account/alerts/open");
        Assert.Equal(["0", "1"], calls.Select(call => call["page"]).Order());
        Assert.All(calls, call => Assert.Null(call["muted"]));
        Assert.Equal(300, alerts.Count);
        JsonElement list = Sim.Read("account/alerts/open?max=250").GetProperty("alerts");
        for (int i = 0; i < 250; i++)
        {
            Assert.Equal("DattoRMM.Alert", alerts[i]!.TypeNames[0]);
            Json.AssertSame(list[i], alerts[i]);
        }
    }

    [Theory]
    [InlineData("-Status Open", "open")]
    [InlineData("-Status Resolved", "resolved")]
    [InlineData("-Status All", "open resolved")]
    [InlineData("", "open")]
    public void The_status_chooses_the_list(string arguments, string expected)
    {
        IReadOnlyList<PSObject?> alerts = Engine.Run($"Get-DrmmAlert {arguments}");

        Assert.Equal(
            expected.Split(' ').Select(status => $"/api/v2/account/alerts/{status}"),
            Sim.Calls().Select(call => call.Path).Distinct().Order());
        Assert.Equal(expected.Contains("open") ? 300 : 0, alerts.Count(alert => !(bool)Value(alert, "resolved")!));
        Assert.Equal(expected.Contains("resolved") ? 280 : 0, alerts.Count(alert => (bool)Value(alert, "resolved")!));
    }

    [Theory]
    [InlineData("Get-DrmmAlert -SiteUid $site.uid", "/api/v2/site/{site}/alerts/open")]
    [InlineData("Get-DrmmAlert -SiteUid $site", "/api/v2/site/{site}/alerts/open")]
    [InlineData("$site | Get-DrmmAlert", "/api/v2/site/{site}/alerts/open")]
    [InlineData("$site | Get-DrmmAlert -Status Resolved", "/api/v2/site/{site}/alerts/resolved")]
    [InlineData("Get-DrmmAlert -DeviceUid $device.uid", "/api/v2/device/{device}/alerts/open")]
    [InlineData("Get-DrmmAlert -DeviceUid $device -Status Resolved", "/api/v2/device/{device}/alerts/resolved")]
    [InlineData("$device | Get-DrmmAlert", "/api/v2/device/{device}/alerts/open")]
    [InlineData("[pscustomobject]@{ deviceUid = $device.uid } | Get-DrmmAlert", "/api/v2/device/{device}/alerts/open")]
    [InlineData("Get-DrmmAlert $alert.alertUid", "/api/v2/alert/{alert}")]
    [InlineData("Get-DrmmAlert -AlertUid $alert", "/api/v2/alert/{alert}")]
    [InlineData("$alert | Get-DrmmAlert", "/api/v2/alert/{alert}")]
    [InlineData("$alert.alertUid | Get-DrmmAlert", "/api/v2/alert/{alert}")]
    public void The_scope_follows_what_is_given(string script, string path)
    {
        Engine.Run("""
            $alert = (Get-DrmmAlert)[3]
            $device = Get-DrmmDevice $alert.alertSourceInfo.deviceUid
            $site = Get-DrmmSite $device.siteUid
            """);
        string expected = path
            .Replace("{site}", Text("$site.uid"))
            .Replace("{device}", Text("$device.uid"))
            .Replace("{alert}", Text("$alert.alertUid"));
        Sim.Reset();

        IReadOnlyList<PSObject?> alerts = Engine.Run(script);

        Assert.All(Sim.Calls(), call => Assert.Equal(expected, call.Path));
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Equal("DattoRMM.Alert", alert!.TypeNames[0]));
    }

    [Theory]
    [InlineData("Get-DrmmAccountAlertsOpen", "False")]
    [InlineData("Get-DrmmAccountAlertsOpen -muted", "True")]
    [InlineData("Get-DrmmAlert -Muted", "true")]
    [InlineData("Get-DrmmAlert -Muted:$false", "false")]
    public void Muted_alerts_are_asked_for_in_the_words_of_each_command(string script, string muted)
    {
        IReadOnlyList<PSObject?> alerts = Engine.Run(script);

        Assert.All(Sim.Calls("account/alerts/open"), call => Assert.Equal(muted, call["muted"]));
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Equal(bool.Parse(muted), Value(alert, "muted")));
    }

    [Fact]
    public void Priorities_choose_among_the_alerts()
    {
        IReadOnlyList<PSObject?> chosen = Engine.Run("Get-DrmmAlert -Priority Critical, low");

        Assert.Equal(["Critical", "Low"], chosen.Select(alert => (string)Value(alert, "priority")!).Distinct().Order());
        Assert.Equal(
            Engine.Run("Get-DrmmAlert | Where-Object priority -in 'Critical', 'Low'").Count,
            chosen.Count);
    }

    [Theory]
    [InlineData("Resolve-DrmmAlert $alert.alertUid")]
    [InlineData("Resolve-DrmmAlert -AlertUid $alert")]
    [InlineData("$alert | Resolve-DrmmAlert")]
    [InlineData("$alert.alertUid | Resolve-DrmmAlert")]
    public void A_resolved_alert_leaves_the_open_list_and_nothing_is_returned(string script)
    {
        Engine.Run("$alert = (Get-DrmmAlert)[5]");
        string uid = Text("$alert.alertUid");
        Sim.Reset();

        Assert.Empty(Engine.Run(script));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"POST /api/v2/alert/{uid}/resolve", ""), (call.Line, call.Body));
        Assert.DoesNotContain(uid, Engine.Invoke("(Get-DrmmAlert).alertUid").Texts);
        Assert.Contains(uid, Engine.Invoke("(Get-DrmmAlert -Status Resolved).alertUid").Texts);
        Assert.True((bool)Value(Engine.Invoke("Get-DrmmAlert $alert").One, "resolved")!);
    }

    [Fact]
    public void The_gallerys_resolve_gives_the_answers_text_which_is_empty()
    {
        string uid = Text("(Get-DrmmAlert)[5].alertUid");
        Engine["uid"] = uid;
        Sim.Reset();

        Assert.Equal("", Engine.Invoke("Set-DrmmAlertResolve $uid").Well().One.BaseObject);

        Assert.Equal($"POST /api/v2/alert/{uid}/resolve", Assert.Single(Sim.Calls()).Line);
        Assert.True((bool)Value(Engine.Invoke("Get-DrmmAlert $uid").One, "resolved")!);
    }

    [Fact]
    public void Many_alerts_are_resolved_one_after_the_other_in_their_order()
    {
        Engine.Run("$alerts = (Get-DrmmAlert)[0..11]");
        Sim.Reset();
        Sim.Configure("\"latencyMs\": 10");

        Engine.Run("$alerts | Resolve-DrmmAlert");

        IReadOnlyList<Received> calls = Sim.Calls();
        Assert.Equal(
            Engine.Invoke("$alerts.ForEach{ \"/api/v2/alert/$($_.alertUid)/resolve\" }").Texts,
            calls.Select(call => call.Path));
        Assert.All(calls.Zip(calls.Skip(1)), pair => Assert.InRange(pair.Second.At - pair.First.At, 10, long.MaxValue));
    }

    [Theory]
    [InlineData("", "account/alerts/open", "{0}")]
    [InlineData("-Status Resolved", "account/alerts/resolved", "{0}")]
    [InlineData("-Priority Low, High", "account/alerts/open", "{0} | Where-Object priority -in Low, High")]
    public void Alerts_before_a_time_are_not_put_out(string arguments, string list, string expected)
    {
        Engine.Run($$"""
            $alerts = Get-DrmmAlert {{(arguments.Contains("Status") ? arguments : "")}}
            $time = $alerts[40].GetTime('timestamp')
            """);
        Sim.Reset();

        IReadOnlyList<PSObject?> recent = Engine.Run($"Get-DrmmAlert {arguments} -After $time");

        Assert.Equal(
            Engine.Invoke($"({string.Format(expected, "$alerts[0..40]")}).alertUid").Texts,
            recent.Select(alert => (string?)Value(alert, "alertUid")));
        Assert.NotEmpty(Sim.Calls(list));
    }

    [Theory]
    [InlineData("$time.ToUniversalTime()")]
    [InlineData("[datetime]::SpecifyKind($time, 'Unspecified')")]
    [InlineData("$time.ToString('o')")]
    public void The_time_is_local_unless_it_says_otherwise(string time)
    {
        Engine.Run("$time = (Get-DrmmAlert)[40].GetTime('timestamp')");

        Assert.Equal(41, Engine.Run($"Get-DrmmAlert -After ({time})").Count);
    }

    [Theory]
    [InlineData("$site | Get-DrmmAlert -After $time")]
    [InlineData("Get-DrmmAlert -SiteUid $site -After $time")]
    [InlineData("$alerts | Get-DrmmAlert -After $time")]
    public void The_time_goes_with_every_scope(string script)
    {
        Engine.Run("""
            $site = (Get-DrmmSite)[1]
            $alerts = $site | Get-DrmmAlert
            $time = $alerts[3].GetTime('timestamp')
            """);

        Assert.Equal(Engine.Invoke("$alerts[0..3].alertUid").Texts, Engine.Invoke($"({script}).alertUid").Texts);
    }

    [Fact]
    public void An_alert_that_does_not_say_when_is_put_out_all_the_same()
    {
        Sim.Faults(Fault.On("GET /v2/account/alerts/open", Fault.Answer(Page(
            """{"alertUid":"a","timestamp":1000}""",
            """{"alertUid":"b","timestamp":null}""",
            """{"alertUid":"c"}""",
            """{"alertUid":"d","timestamp":"2000-01-01T00:00:00Z"}"""))));

        Assert.Equal(["b", "c"], Engine.Invoke("(Get-DrmmAlert -After 2026-01-01).alertUid").Well().Texts);
    }

    [Fact]
    public void Without_a_time_for_it_an_alert_is_an_invalid_argument()
    {
        Assert.Single(Engine.Invoke("Get-DrmmAlert -After $null").Errors);
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void Critical_alerts_of_the_devices_of_some_sites_are_resolved_in_one_pipeline()
    {
        Engine.Run("""
            $name = (Get-DrmmSite)[1].name
            $wanted = Get-DrmmAlert | Where-Object priority -eq Critical |
                Where-Object { $_.alertSourceInfo.siteName -eq $name }
            """);
        string?[] wanted = [.. Engine.Invoke("$wanted.alertUid").Texts];
        Sim.Reset();

        Engine.Run("""
            Get-DrmmSite -Name "$($name.Substring(0, 4))*" | Where-Object name -eq $name | Get-DrmmDevice |
                Get-DrmmAlert | Where-Object priority -eq Critical | Resolve-DrmmAlert
            """);

        Assert.NotEmpty(wanted);
        Assert.Equal(
            wanted.Select(uid => $"/api/v2/alert/{uid}/resolve").Order(),
            Sim.Calls().Where(call => call.Method == "POST").Select(call => call.Path).Order());
    }

    private static string Page(params string[] alerts) => $$"""
        {"pageDetails":{"count":{{alerts.Length}},"totalCount":{{alerts.Length}},"prevPageUrl":null,"nextPageUrl":null},
        "alerts":[{{string.Join(',', alerts)}}]}
        """;
}

/// <summary>Lists that are so long that it matters where the reading ends.</summary>
public sealed class LongAlertListTests() : EngineTest("--devices 40 --sites 3 --alerts-open 2600")
{
    private const string List = "account/alerts/open";

    [Theory]
    [InlineData(10, 2)]
    [InlineData(249, 2)]
    [InlineData(250, 2)]
    [InlineData(1010, 6)]
    public void The_reading_ends_after_a_page_of_older_alerts(int recent, int pages)
    {
        Engine.Run($"$time = (Get-DrmmAlert)[{recent - 1}].GetTime('timestamp')");
        Sim.Reset();

        Assert.Equal(recent, Engine.Run("Get-DrmmAlert -After $time").Count);

        // Two more may be on their way, and two have come too early.
        Assert.InRange(Sim.Calls(List).Count, pages, pages + 4);
    }

    [Theory]
    [InlineData(1000, 2000, true)]
    [InlineData(2000, 1000, false)]
    public void An_old_page_ends_it_only_if_its_times_fall(long first, long second, bool goesOn)
    {
        Engine.Run("$time = (Get-DrmmAlert)[9].GetTime('timestamp')");
        Sim.Faults(
            Fault.On($"GET /v2/{List}", Page(2, $$"""{"alertUid":"b","timestamp":{{first}}}""",
                $$"""{"alertUid":"c","timestamp":{{second}}}"""), page: 1),
            Fault.On($"GET /v2/{List}", Page(null, """{"alertUid":"late","timestamp":33000000000000}"""), page: 2));

        Assert.Equal(goesOn, Engine.Invoke("(Get-DrmmAlert -After $time).alertUid").Texts.Contains("late"));
    }

    private string Page(int? next, params string[] alerts) => Fault.Answer($$"""
        {"pageDetails":{"count":{{alerts.Length}},"totalCount":2600,"prevPageUrl":null,
        "nextPageUrl":{{(next == null ? "null" : $"\"{Sim.Url}/api/v2/{List}?max=250&page={next}\"")}}},
        "alerts":[{{string.Join(',', alerts)}}]}
        """);
}
