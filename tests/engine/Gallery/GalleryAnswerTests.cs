using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

/// <summary>Each command gives what it gave there.</summary>
public sealed class GalleryAnswerTests : GalleryTest
{
    /// <summary>Every kind of value under names that no command could know.</summary>
    private const string Item = """
        {"uid":"a","Ä ß":"ü","n":null,"big":9007199254740993,"f":1.5,"t":"2026-01-02T03:04:05Z","o":{"a":[1,[]],"e":{}}}
        """;

    public static TheoryData<string> Reads => new(
        from pair in GalleryCase.All
        let command = pair.Value.Command
        where command.Output is GalleryOutput.Items or GalleryOutput.Parsed
            && command.Requests.All(request => request.Method == "GET")
        select pair.Key);

    public static TheoryData<string> Lists => new(With(GalleryOutput.Items));

    public static TheoryData<string> Parsed => new(With(GalleryOutput.Parsed));

    public static TheoryData<string> Texts => new(With(GalleryOutput.Text));

    public static TheoryData<string> Silent => new(With(GalleryOutput.Nothing));

    [Theory]
    [MemberData(nameof(Reads))]
    public void It_gives_what_the_simulator_answers(string name)
    {
        GalleryCase one = GalleryCase.All[name];
        Outcome outcome = Invoke(Script(one), out IReadOnlyList<Received> received);
        JsonElement answer = Sim.Read(received[0].Path["/api/v2/".Length..] + "?" + received[0].Query);

        JsonElement[] expected = one.Command.Items == null
            ? answer.ValueKind == JsonValueKind.Array ? [.. answer.EnumerateArray()] : [answer]
            : [.. answer.GetProperty(one.Command.Items).EnumerateArray().Where(item => Passes(one, item))];
        Assert.NotEmpty(expected);
        AssertGave(expected, outcome);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_gives_its_items_one_by_one_without_the_page(string name)
    {
        string items = GallerySurface.Command(name).Items!;
        foreach (string[] some in new[] { Array.Empty<string>(), [Item], [Item, """{"uid":"b"}"""] })
        {
            int count = some.Length;
            string answer = $$"""
                {"pageDetails":{"count":{{count}},"totalCount":{{count}},"prevPageUrl":null,"nextPageUrl":null},
                "{{items}}":[{{string.Join(',', some)}}]}
                """;

            AssertGave([.. some.Select(Json)], Answered(name, Fault.Answer(answer)));
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_goes_on_to_its_last_page(string name)
    {
        GalleryCase one = GalleryCase.Of(GallerySurface.Command(name)).First();
        string path = Path(one);
        string Page(string item, string next) => Fault.Answer($$"""
            {"pageDetails":{"count":1,"totalCount":null,"prevPageUrl":null,"nextPageUrl":{{next}}},
            "{{one.Command.Items}}":[{{item}}]}
            """);
        Sim.Faults(
            Fault.On($"GET {path}", Page(Item, $"\"{Sim.Url}/api{path}?max=250&page=1\""), page: 0),
            Fault.On($"GET {path}", Page("""{"uid":"b"}""", "null"), page: 1));

        AssertGave([Json(Item), Json("""{"uid":"b"}""")], Engine.Invoke(Script(one)));
    }

    [Theory]
    [MemberData(nameof(Parsed))]
    public void An_answer_is_parsed_and_nothing_of_it_is_lost(string name)
    {
        AssertGave([Json(Item)], Answered(name, Fault.Answer(Item)));
        AssertGave([Json(Item), Json("{}")], Answered(name, Fault.Answer($"[{Item},{{}}]")));
    }

    [Theory]
    [MemberData(nameof(Parsed))]
    public void An_empty_answer_to_a_write_gives_nothing(string name)
    {
        if (Last(name).Method != "GET")
        {
            Assert.Empty(Answered(name, Fault.NoContent).Well().Output);
            Assert.Empty(Answered(name, "\"empty200\"").Well().Output);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_answer_that_was_not_parsed_comes_as_its_text(string name)
    {
        const string text = " {\"Ä\" : [1,  2]}\n";
        Assert.Equal([text], Answered(name, Fault.Answer(text)).Well().Texts);
        Assert.Equal([""], Answered(name, Fault.NoContent).Well().Texts);
        Assert.IsType<string>(Answered(name, Fault.NoContent).One.BaseObject);
    }

    [Theory]
    [MemberData(nameof(Silent))]
    public void What_gave_nothing_gives_nothing(string name) =>
        Assert.Empty(Engine.Run(Script(GalleryCase.Of(GallerySurface.Command(name)).First())));

    [Theory]
    [InlineData("Set-DrmmAlertMute")]
    [InlineData("Set-DrmmAlertUnmute")]
    public void What_threw_throws_with_the_reason(string name)
    {
        Outcome outcome = Engine.Invoke($"try {{ {name} x; 'went on' }} catch {{ $_ }}; 'caught'");

        Assert.Equal(2, outcome.Output.Count);
        Assert.Contains("muted or unmuted", outcome.Texts[0]);
        Assert.Equal("caught", outcome.Texts[1]);
    }

    [Fact]
    public void Every_page_of_the_activity_log_comes_and_its_entries_are_reshaped()
    {
        DateTime end = DateTime.UtcNow.AddMinutes(-1);
        string from = Utc(end.AddHours(-1));
        string until = Utc(end);
        List<JsonElement> expected = [];
        int pages = 0;
        for (string? next = $"activity-logs?from={from}&until={until}"; next != null; pages++)
        {
            JsonElement page = Sim.Read(next);
            expected.AddRange(page.GetProperty("activities").EnumerateArray());
            next = page.GetProperty("pageDetails").GetProperty("nextPageUrl").GetString()?.Split("/api/v2/")[1];
        }
        Assert.True(pages > 2, "several pages, or none could be lost");

        IReadOnlyList<PSObject?> actual = Engine.Run(
            $"Get-DrmmActivityLogs -StartDateTime ([datetime] '{from}') -EndDateTime ([datetime] '{until}')");

        Assert.Equal(
            expected.Select(entry => entry.GetProperty("id").GetString()), actual.Select(entry => Value(entry, "id")));
        foreach ((JsonElement json, PSObject? entry) in expected.Zip(actual))
        {
            Assert.Equal(
                [.. Fixtures.Json.Names(json).Where(name => name != "site"), "siteId", "siteName"],
                Fixtures.Json.Names(entry!));
            long milliseconds = (long)(json.GetProperty("date").GetDecimal() * 1000);
            Assert.Equal(
                DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).LocalDateTime, Value(entry, "date"));
            JsonElement site = json.GetProperty("site");
            bool isOfSite = site.ValueKind == JsonValueKind.Object;
            Assert.Equal(isOfSite ? site.GetProperty("id").GetInt64() : null, (long?)Value(entry, "siteId"));
            Assert.Equal(isOfSite ? site.GetProperty("name").GetString() : null, Value(entry, "siteName"));
            string[] details = Fixtures.Json.Names(Json(json.GetProperty("details").GetString()!));
            Assert.Equal(details, Fixtures.Json.Names((PSObject)Value(entry, "details")!));
        }

        static string Utc(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Every_alert_gets_its_message_in_place_and_may_get_it_again()
    {
        Engine.Run("$alerts = Get-DrmmAlert; $null = $alerts | Add-DrmmAlertMessage");
        Engine.Run("$named = $alerts | Add-DrmmAlertMessage");

        IReadOnlyList<PSObject?> alerts = Engine.Run("$alerts");
        IReadOnlyList<PSObject?> named = Engine.Run("$named");
        Assert.True(alerts.Count > 1);
        Assert.Equal(alerts, named, ReferenceEqualityComparer.Instance);
        Assert.All(named, alert =>
        {
            Assert.Equal(["alertType", "alertMessage"], Fixtures.Json.Names(alert!)[^2..]);
            Assert.NotEmpty((string)Value(alert, "alertType")!);
            Assert.NotEmpty((string)Value(alert, "alertMessage")!);
        });
    }

    [Fact]
    public void Whatever_departs_in_its_output_has_a_test_here() => Assert.Equal(
        ["Add-DrmmAlertMessage", "Get-DrmmActivityLogs"],
        GalleryDeparture.All.Where(departure => departure.Aspect == GalleryAspect.Output)
            .Select(departure => departure.Command).Order());

    /// <summary>What the shortest call gives if the simulator answers its last request so.</summary>
    private Outcome Answered(string name, string fault)
    {
        GalleryCase one = GalleryCase.Of(GallerySurface.Command(name)).First();
        string script = $"{Script(one)} {GalleryDeparture.Find(GalleryAspect.Requests, one.Command)?.Arguments}";
        Sim.Faults(Fault.On($"{Expected(one)[^1].Split(' ')[0]} {Path(one)}", fault));
        Outcome outcome = Engine.Invoke(script);
        Sim.Faults();
        return outcome;
    }

    /// <summary>The path of a command's last request, below <c>/api</c>.</summary>
    private string Path(GalleryCase one) => Expected(one)[^1].Split(' ', '?')[1]["/api".Length..];

    private static GalleryRequest Last(string name) => GallerySurface.Command(name).Requests[^1];

    private static IEnumerable<string> With(GalleryOutput output) =>
        GallerySurface.Facts.Commands.Where(command => command.Output == output).Select(command => command.Name);

    /// <summary>Whether an item comes through what the command filters by itself.</summary>
    private bool Passes(GalleryCase one, JsonElement item)
    {
        string? name = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out JsonElement value)
            ? value.GetString()
            : null;
        return (!one.Has("noDeletedDevices") || name != "Deleted Devices")
            && (!one.Has("Name") || string.Equals(
                name, Samples.Of(one, one.Command.Parameter("Name")).Text, StringComparison.OrdinalIgnoreCase));
    }

    private static void AssertGave(JsonElement[] expected, Outcome outcome)
    {
        IReadOnlyList<PSObject?> actual = outcome.Well().Output;
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Fixtures.Json.AssertSame(expected[i], actual[i]);
        }
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
