using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class ActivityLogTests : EngineTest
{
    private const string Log = "GET /v2/activity-logs";

    /// <summary>One entry with everything that is reshaped.</summary>
    private const string Entry = """
        {"id":"a","entity":"DEVICE","category":"job","action":"deployment","date":1689072497.714,
        "site":{"id":7,"name":"Müller"},"deviceId":1,"hostname":"h","user":null,
        "details":"{\"z\":9007199254740993,\"start_time\":1689072497714,\"endDate\":\"1689072497715\",\"date\":null,\"TIME\":0,\"note\":1689072497714,\"end\":\"later\"}",
        "hasStdOut":true,"hasStdErr":false}
        """;

    public ActivityLogTests() => Sim.Reset();

    [Fact]
    public void Without_parameters_the_server_chooses_the_time_span()
    {
        IReadOnlyList<PSObject?> entries = Engine.Run("Get-DrmmActivityLog");

        Assert.Equal("GET /api/v2/activity-logs?size=250", Assert.Single(Sim.Calls()).Line);
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.Equal("DattoRMM.ActivityLog", entry!.TypeNames[0]));
    }

    [Theory]
    [InlineData("-From ([datetime]::new(2026, 1, 2, 3, 4, 5, 678, [DateTimeKind] 'Utc'))", "from", "2026-01-02T03:04:05Z")]
    [InlineData("-From ([datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind] 'Utc').ToLocalTime())", "from", "2026-01-02T03:04:05Z")]
    [InlineData("([datetime] '2026-01-02T03:04:05Z')", "from", "2026-01-02T03:04:05Z")]
    [InlineData("-Until ([datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind] 'Utc'))", "until", "2026-01-02T03:04:05Z")]
    [InlineData("-Until ([datetime]::new(2026, 1, 2, 3, 4, 5, 1, [DateTimeKind] 'Utc'))", "until", "2026-01-02T03:04:06Z")]
    [InlineData("-Until ([datetime]::SpecifyKind([datetime]::MaxValue, 'Utc'))", "until", "9999-12-31T23:59:59Z")]
    [InlineData("-Entity Device", "entities", "device")]
    [InlineData("-Entity device, user", "entities", "device,user")]
    [InlineData("-Category job, device", "categories", "job,device")]
    [InlineData("-Action deployment", "actions", "deployment")]
    [InlineData("-SiteId 4, 8", "siteIds", "4,8")]
    [InlineData("-UserId 9007199254740993", "userIds", "9007199254740993")]
    [InlineData("-SearchQuery 'device.hostname : \"ü & b\"'", "searchQuery", "device.hostname : \"ü & b\"")]
    [InlineData("-Order asc", "order", "asc")]
    [InlineData("-Order DESC", "order", "desc")]
    [InlineData("-First 7", "size", "7")]
    [InlineData("-First 1000", "size", "250")]
    public void Each_parameter_becomes_the_servers(string arguments, string name, string value)
    {
        Engine.Run("[cultureinfo]::CurrentCulture = 'ar-SA'");
        Sim.Faults(Fault.On(Log, Fault.Answer("""{"activities":[],"pageDetails":{"nextPageUrl":null}}""")));

        Engine.Run($"Get-DrmmActivityLog {arguments}");

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(value, call[name]);
        Assert.Equal(name == "size" ? 1 : 2, call.Query.Split('&').Length);
    }

    [Theory]
    [InlineData("Get-DrmmActivityLog -From ([datetime]::UtcNow.AddHours(-9)) -Until ([datetime]::UtcNow) -Order asc")]
    [InlineData("Get-DrmmActivityLogs -StartDateTime ([datetime]::UtcNow.AddHours(-9)) -EndDateTime ([datetime]::UtcNow) -SortOrder asc -Limit 250")]
    public void All_pages_are_read_to_the_true_end(string script)
    {
        IReadOnlyList<PSObject?> entries = Engine.Run(script);

        IReadOnlyList<Received> calls = Sim.Calls();
        Assert.True(calls.Count > 2, $"{entries.Count} entries are not enough for this test");
        Received first = calls[0];
        Assert.Equal(
            Expected($"from={first["from"]}&until={first["until"]}&order=asc"),
            entries.Select(entry => (string)Value(entry, "id")!));
        Assert.All(calls.Skip(1), call => Assert.NotNull(call["searchAfter"]));
    }

    [Fact]
    public void A_list_ends_when_there_are_enough()
    {
        Assert.Equal(3, Engine.Run("Get-DrmmActivityLog ([datetime]::UtcNow.AddHours(-9)) -First 3").Count);
        Assert.Single(Sim.Calls());
        Sim.Reset();
        Assert.Equal(252, Engine.Run("Get-DrmmActivityLog ([datetime]::UtcNow.AddHours(-9)) -First 252").Count);
        // The page that follows may be on its way.
        Assert.InRange(Sim.Calls().Count, 2, 3);
    }

    [Fact]
    public void An_entry_is_what_the_api_gives_and_its_time_can_be_read()
    {
        Answer(Entry);

        Engine.Run("$entry = Get-DrmmActivityLog");

        Json.AssertSame(JsonSerializer.Deserialize<JsonElement>(Entry), (PSObject)Engine["entry"]!);
        DateTime time = (DateTime)Engine.Invoke("$entry.GetTime('date')").Well().One.BaseObject;
        Assert.Equal(DateTimeKind.Local, time.Kind);
        Assert.Equal("2023-07-11T10:48:17.714Z", time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffK"));
        Assert.Contains(
            "no field", Engine.Invoke("$entry.GetTime('nothing')").Error.ToString());
        Assert.Contains("no time", Engine.Invoke("$entry.GetTime('hostname')").Error.ToString());
        Assert.Null(Assert.Single(Engine.Run("$entry.GetTime('user')")));
    }

    [Fact]
    public void Details_become_an_object_on_demand()
    {
        Answer(Entry);

        PSObject details = (PSObject)Value(Engine.Invoke("Get-DrmmActivityLog -ExpandDetails").One, "details")!;

        Assert.Equal(
            ["z", "start_time", "endDate", "date", "TIME", "note", "end"],
            // Two names that differ by case only are one property.
            ["z", .. details.Properties.Select(property => property.Name).Skip(1)]);
        Assert.Equal(9007199254740993L, Value(details, "z"));
        Assert.Equal(1689072497714L, Value(details, "start_time"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"cut\":")]
    [InlineData("")]
    public void Details_that_are_no_json_stay_text(string details)
    {
        Answer($$"""{"id":"a","details":{{JsonSerializer.Serialize(details)}}}""");

        foreach (string script in new[] { "Get-DrmmActivityLog -ExpandDetails", "Get-DrmmActivityLogs" })
        {
            Assert.Equal(details, Value(Engine.Invoke(script).Well().One, "details"));
        }
    }

    [Fact]
    public void The_gallerys_entries_have_their_site_flat_and_their_times_local()
    {
        Answer(Entry);

        PSObject entry = Engine.Invoke("Get-DrmmActivityLogs").Well().One;

        Assert.Equal(
            ["id", "entity", "category", "action", "date", "deviceId", "hostname", "user", "details", "hasStdOut",
                "hasStdErr", "siteId", "siteName"],
            entry.Properties.Select(property => property.Name));
        Assert.Equal((7L, "Müller"), (Value(entry, "siteId"), Value(entry, "siteName")));
        Assert.Equal(Local("2023-07-11T10:48:17.714Z"), Value(entry, "date"));
        PSObject details = (PSObject)Value(entry, "details")!;
        Assert.Equal(Local("2023-07-11T10:48:17.714Z"), Value(details, "start_time"));
        Assert.Equal(Local("2023-07-11T10:48:17.715Z"), Value(details, "endDate"));
        Assert.Equal(1689072497714L, Value(details, "note"));
        Assert.Equal("later", Value(details, "end"));
        Assert.Equal(0L, Value(details, "TIME"));
        Assert.Null(Value(details, "date"));
    }

    [Fact]
    public void A_log_that_the_server_could_not_read_is_an_error_and_not_an_empty_list()
    {
        Sim.Faults(Fault.On(
            Log, Fault.Answer("""{"pageDetails":{"count":0},"activities":[],"error":"canary"}""")));

        ErrorRecord error = Engine.Invoke("Get-DrmmActivityLog").Error;

        Assert.StartsWith("DrmmServer,", error.FullyQualifiedErrorId);
        Assert.DoesNotContain("canary", ErrorText.Of(error));
    }

    [Fact]
    public void The_gallerys_entries_without_a_site_have_null_in_its_place()
    {
        Answer("""{"id":"a","site":null,"date":null,"details":null}""");

        PSObject entry = Engine.Invoke("Get-DrmmActivityLogs").Well().One;

        Assert.Null(Value(entry, "siteId"));
        Assert.Null(Value(entry, "siteName"));
        Assert.Null(Value(entry, "date"));
        Assert.Null(entry.Properties["site"]);
    }

    [Theory]
    [InlineData("device, user job, note deployment 4, 8 7 '2026-01-02T03:04:05Z' '2026-01-02T04:05:06Z' 50 asc")]
    [InlineData("-LogTypes device, user -c job, note -a deployment -si 4, 8 -u 7 -st '2026-01-02T03:04:05Z' "
        + "-e '2026-01-02T04:05:06Z' -li 50 -so asc stray")]
    public void The_gallerys_arguments_mean_what_they_meant(string arguments)
    {
        Sim.Faults(Fault.On(Log, Fault.Answer("""{"activities":[],"pageDetails":{"nextPageUrl":null}}""")));

        Engine.Run($"'stray' | Get-DrmmActivityLogs {arguments}");

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(
            "actions=deployment|categories=job,note|entities=device,user|from=2026-01-02T03:04:05Z|order=asc|siteIds=4,8|"
                + "size=50|until=2026-01-02T04:05:06Z|userIds=7",
            string.Join('|', call.Query.Split('&').Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Get-DrmmActivityLog -From $null")]
    [InlineData("Get-DrmmActivityLog -Category ''")]
    [InlineData("Get-DrmmActivityLog -Action $null")]
    [InlineData("Get-DrmmActivityLog -Category job, ''")]
    [InlineData("Get-DrmmActivityLog -SiteId $null")]
    [InlineData("Get-DrmmActivityLog -SearchQuery ' '")]
    [InlineData("Get-DrmmActivityLogs -StartDateTime $null")]
    [InlineData("Get-DrmmActivityLogs -UserIds $null")]
    [InlineData("Get-DrmmActivityLogs -Categories ''")]
    public void What_narrows_and_says_nothing_is_refused(string script)
    {
        Assert.StartsWith("DrmmInvalidArgument,", Engine.Invoke(script).Error.FullyQualifiedErrorId);
        Assert.Empty(Sim.Requests());
    }

    [Theory]
    [InlineData("Get-DrmmActivityLog -SiteId ([pscustomobject]@{ id = $canary })")]
    [InlineData("Get-DrmmActivityLog -From ([pscustomobject]@{ id = $canary })")]
    [InlineData("Get-DrmmActivityLogs -SiteIds ([pscustomobject]@{ id = $canary })")]
    public void An_object_is_not_told_in_place_of_a_number(string script)
    {
        Engine["canary"] = "cage" + "bird";

        Assert.DoesNotContain("cagebird", ErrorText.Of(Engine.Invoke(script).Error));
    }

    private static DateTime Local(string utc) =>
        DateTime.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal).ToLocalTime();

    private void Answer(string entry) => Sim.Faults(Fault.On(
        Log, Fault.Answer($$"""{"pageDetails":{"count":1,"nextPageUrl":null},"activities":[{{entry}}]}""")));

    /// <summary>The ids of all entries, read in small pages without the module.</summary>
    private List<string> Expected(string query)
    {
        List<string> ids = [];
        string? next = $"activity-logs?{query}&size=100";
        while (next != null)
        {
            JsonElement page = Sim.Read(next);
            ids.AddRange(page.GetProperty("activities").EnumerateArray().Select(one => one.GetProperty("id").GetString()!));
            next = page.GetProperty("pageDetails").GetProperty("nextPageUrl").GetString()?.Split("/api/v2/")[1];
        }
        return ids;
    }
}
