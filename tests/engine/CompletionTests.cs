using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What the Tab key offers.</summary>
public sealed class CompletionTests() : EngineTest("--devices 20 --sites 3")
{
    [Theory]
    [InlineData("Get-DrmmSite -Name ", "v2/account/sites", "sites", "name")]
    [InlineData("Get-DrmmDevice -SiteName ", "v2/account/sites", "sites", "name")]
    [InlineData("Start-DrmmQuickJob -DeviceUid x -Component ", "v2/account/components", "components", "name")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid x -ComponentName ", "v2/account/components", "components", "name")]
    [InlineData("Get-DrmmComponent -Name ", "v2/account/components", "components", "name")]
    [InlineData("Get-DrmmVariable -Name ", "v2/account/variables", "variables", "name")]
    [InlineData("Set-DrmmVariable -Name ", "v2/account/variables", "variables", "name")]
    [InlineData("Get-DrmmUser -Name ", "v2/account/users", "users", "username")]
    [InlineData("Get-DrmmFilter -Name ", "v2/filter/custom-filters", "filters", "name")]
    [InlineData("Get-DrmmDevice -FilterId ", "v2/filter/custom-filters", "filters", "name")]
    [InlineData("Get-DrmmAccountDevices -FilterId ", "v2/filter/custom-filters", "filters", "name")]
    public void Names_of_the_account_are_offered_in_order_for_one_request(
        string line, string path, string items, string name)
    {
        CompletionResult[] offered = Complete(line);

        Received asked = Assert.Single(Sim.Calls());
        Assert.Equal("/api/" + path, asked.Path);
        string[] names = [.. Sim.Read(path[3..]).GetProperty(items).EnumerateArray()
            .Select(item => item.GetProperty(name).GetString()!)];
        Assert.NotEmpty(names);
        Assert.Equal(
            names.Order(StringComparer.CurrentCultureIgnoreCase), offered.Select(one => one.ListItemText));
    }

    [Fact]
    public void Only_what_begins_as_it_was_typed_is_offered_in_whatever_case()
    {
        Answer("Acme Berlin", "acme.north", "Beta");

        Assert.Equal(["'Acme Berlin'", "acme.north"], Texts("Get-DrmmDevice -SiteName AC"));
        Assert.Equal(["Beta"], Texts("Get-DrmmDevice -SiteName b"));
        Assert.Empty(Texts("Get-DrmmDevice -SiteName c"));
    }

    [Theory]
    [InlineData("O'Neil & Sons", "", "'O''Neil & Sons'")]
    [InlineData("O'Neil & Sons", "'O''N", "'O''Neil & Sons'")]
    [InlineData("O\u2019Neil", "", "'O\u2019\u2019Neil'")]
    [InlineData("The \"$5\" shop", "\"The", "\"The `\"`$5`\" shop\"")]
    [InlineData("-dashed", "", "'-dashed'")]
    [InlineData("Größe", "gr", "Größe")]
    [InlineData("[old] site", "", "'[old] site'")]
    public void Names_are_quoted_so_that_they_arrive_as_they_are(string name, string typed, string written)
    {
        Answer(name);

        Assert.Equal([written], Texts("Get-DrmmDevice -SiteName " + typed));
        Assert.Equal(name, Engine.Run($"& {{ param($text) $text }} {written}").Single()!.ToString());
    }

    [Fact]
    public void Where_wildcards_count_a_name_that_holds_some_is_meant_as_it_is()
    {
        Answer("[old] site");

        string written = Assert.Single(Texts("Get-DrmmSite -Name "));

        Assert.Equal("'`[old`] site'", written);
        Assert.Equal(["[old] site"], Engine.Invoke($"(Get-DrmmSite -Name {written}).name").Well().Texts);
    }

    [Fact]
    public void A_filter_is_offered_by_its_name_and_inserted_by_its_number()
    {
        Sim.Faults(Fault.On("GET /v2/filter/custom-filters", Fault.Answer(
            """
            {"pageDetails":{"nextPageUrl":null},"filters":[{"id":7,"name":"Servers","description":"all of them"}]}
            """)));

        foreach (string typed in new[] { "", "7", "serv" })
        {
            CompletionResult only = Assert.Single(Complete("Get-DrmmDevice -FilterId " + typed));
            Assert.Equal(("7", "Servers", "all of them"), (only.CompletionText, only.ListItemText, only.ToolTip));
        }
    }

    [Fact]
    public void The_variables_of_a_site_are_offered_where_the_site_is_named()
    {
        Engine["siteUid"] = Engine.Invoke("(Get-DrmmSite)[0].uid").One;
        Sim.Reset();

        Complete("Get-DrmmVariable -SiteUid $siteUid -Name ");

        Assert.Equal($"/api/v2/site/{Engine["siteUid"]}/variables", Assert.Single(Sim.Calls()).Path);
    }

    [Fact]
    public void What_was_asked_for_is_known_to_the_next_keys()
    {
        Complete("Get-DrmmComponent -Name ");
        Complete("Get-DrmmComponent -Name a");
        Complete("Start-DrmmQuickJob -Component b");

        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void The_server_is_asked_for_sites_that_hold_what_was_typed()
    {
        Complete("Get-DrmmDevice -SiteName qu");
        Complete("Get-DrmmDevice -SiteName qui");

        Assert.Equal("qu", Assert.Single(Sim.Calls())["siteName"]);
    }

    [Theory]
    [InlineData("\"malformedJson\"")]
    [InlineData("{\"status\":503}")]
    [InlineData("{\"status\":403}")]
    [InlineData("\"resetInBody\"")]
    [InlineData("\"html\"")]
    [InlineData("\"noContent\"")]
    public void Whatever_goes_wrong_is_silent_and_costs_one_request(string fault)
    {
        Sim.Faults(Fault.On("GET /v2/account/components", fault));

        Outcome outcome = Engine.Invoke(Script("Get-DrmmComponent -Name "));
        Engine.Invoke(Script("Get-DrmmComponent -Name a"));

        Assert.Empty(outcome.AllText);
        Assert.DoesNotContain("Error", outcome.Texts);
        Assert.Single(Sim.Calls("account/components"));
    }

    [Fact]
    public void Without_a_connection_nothing_is_asked()
    {
        Engine.Run("Disconnect-DrmmApi");
        Sim.Reset();

        Assert.Empty(Complete("Get-DrmmComponent -Name "));
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void The_connection_on_the_line_is_the_one_that_is_asked()
    {
        using Simulator other = Simulator.Start("--devices 1 --sites 1");
        Engine["other"] = other;
        Engine.Run("$b = Connect-DrmmApi -Url $other.Url -Key $other.Key -SecretKey $other.Secret -PassThru");
        Engine.Run("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret");

        Complete("Get-DrmmComponent -Connection $b -Name ");
        Complete("Get-DrmmComponent -Connection (Get-Anything) -Name ");

        Assert.Single(other.Calls());
        Assert.Empty(Sim.Calls());
        Engine.Run("Disconnect-DrmmApi -Connection $b");
    }

    [Fact]
    public void A_list_of_several_pages_becomes_complete_key_by_key_and_is_known_for_a_minute()
    {
        TimeSpan now = TimeSpan.Zero;
        List<string> asked = [];
        NameCache cache = new(
            request =>
            {
                asked.Add(System.Text.Encoding.UTF8.GetString(request.ToDocument()));
                return Page($"c{asked.Count}", hasMore: asked.Count % 3 != 0);
            },
            () => now);

        int[] known = [.. Enumerable.Range(0, 4).Select(_ => cache.Find(NameList.Components, "").Count)];

        Assert.Equal([1, 2, 3, 3], known);
        Assert.Equal(3, asked.Distinct().Count());
        now = TimeSpan.FromSeconds(59);
        Assert.Equal(3, cache.Find(NameList.Components, "").Count);
        now = TimeSpan.FromSeconds(60);
        Assert.Single(cache.Find(NameList.Components, ""));
    }

    [Fact]
    public void Filters_of_the_account_come_before_those_of_the_platform()
    {
        List<string> asked = [];
        NameCache cache = new(
            request =>
            {
                asked.Add(System.Text.Encoding.UTF8.GetString(request.ToDocument()));
                return Page("f", hasMore: false, "filters");
            },
            () => TimeSpan.Zero);

        Assert.Single(cache.Find(NameList.Filters, ""));
        Assert.Equal(2, cache.Find(NameList.Filters, "").Count);
        Assert.Equal(2, cache.Find(NameList.Filters, "").Count);

        Assert.Equal(2, asked.Count);
        Assert.Contains("custom-filters", asked[0]);
        Assert.Contains("default-filters", asked[1]);
    }

    [Fact]
    public void What_did_not_work_out_is_left_alone_for_a_while()
    {
        TimeSpan now = TimeSpan.Zero;
        int asked = 0;
        NameCache cache = new(
            _ =>
            {
                asked++;
                return null;
            },
            () => now);

        Assert.Empty(cache.Find(NameList.Components, ""));
        Assert.Empty(cache.Find(NameList.Components, ""));
        Assert.Equal(1, asked);
        now = TimeSpan.FromSeconds(10);
        cache.Find(NameList.Components, "");
        Assert.Equal(2, asked);
    }

    private void Answer(params string[] sites)
    {
        string items = string.Join(',', sites.Select(name =>
            $$"""{"uid":"u","name":{{System.Text.Json.JsonSerializer.Serialize(name)}}}"""));
        Sim.Faults(Fault.On("GET /v2/account/sites", Fault.Answer(
            $$"""{"pageDetails":{"totalCount":{{sites.Length}},"nextPageUrl":null},"sites":[{{items}}]}""")));
    }

    private static PSObject Page(string name, bool hasMore, string items = "components")
    {
        PSObject details = new();
        details.Properties.Add(new PSNoteProperty("nextPageUrl", hasMore ? "https://example/next" : null));
        PSObject item = new();
        item.Properties.Add(new PSNoteProperty("name", name));
        item.Properties.Add(new PSNoteProperty("uid", name));
        item.Properties.Add(new PSNoteProperty("id", 1L));
        PSObject page = new();
        page.Properties.Add(new PSNoteProperty("pageDetails", details));
        page.Properties.Add(new PSNoteProperty(items, new object[] { item }));
        return page;
    }

    /// <summary>What is offered behind a line; where there is nothing the engine offers the names of files.</summary>
    private CompletionResult[] Complete(string line) =>
    [
        .. Engine.Run(Script(line))
            .Select(result => (CompletionResult)result!.BaseObject)
            .Where(result => result.ResultType == CompletionResultType.ParameterValue),
    ];

    private string[] Texts(string line) => [.. Complete(line).Select(result => result.CompletionText)];

    private string Script(string line)
    {
        Engine["line"] = line;
        return "(TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches";
    }
}

/// <summary>How long a key may take.</summary>
[Collection(Alone.Name)]
public sealed class CompletionTimeTests() : EngineTest("--devices 1 --sites 1")
{
    private const string Complete =
        "$line = 'Get-DrmmComponent -Name '; $null = TabExpansion2 -inputScript $line -cursorColumn $line.Length";

    [Fact]
    public void A_server_that_does_not_answer_holds_nobody_up()
    {
        Engine.Run("$null = TabExpansion2 -inputScript 'Get-' -cursorColumn 4");
        Sim.Faults(Fault.On("GET /v2/account/components", Fault.Delay(30_000)));

        System.Diagnostics.Stopwatch waited = System.Diagnostics.Stopwatch.StartNew();
        Engine.Run(Complete);

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_quota_that_is_used_up_is_not_waited_for()
    {
        Sim.Faults(Fault.On("GET /v2/account/components", Fault.Status(429)));

        System.Diagnostics.Stopwatch waited = System.Diagnostics.Stopwatch.StartNew();
        Engine.Run(Complete);

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.Single(Sim.Calls("account/components"));
    }
}
