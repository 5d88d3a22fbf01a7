using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Coverage;

/// <summary>Every operation of the API has a command that makes it: <c>docs/coverage.md</c>.</summary>
public sealed class CoverageTests : EngineTest
{
    private const string Document = "docs/coverage.md";

    /// <summary>The tests of all gallery commands, beside those of the primary ones.</summary>
    private const string GalleryTests = nameof(Gallery.GalleryRequestTests);

    public CoverageTests()
    {
        JsonElement[] devices = [.. Sim.Read("account/devices?max=250").GetProperty("devices").EnumerateArray()];
        JsonElement device = OfClass("device");
        string deviceUid = Text(device, "uid");
        string siteUid = Text(device, "siteUid");
        JsonElement component = Sim.Read("account/components").GetProperty("components")[0];
        Engine["deviceUid"] = deviceUid;
        Engine["siteUid"] = siteUid;
        Engine["componentUid"] = Text(component, "uid");
        Engine["componentName"] = Text(component, "name");
        Engine["macAddress"] = Text(
            Sim.Read($"audit/device/{deviceUid}").GetProperty("nics")[0], "macAddress");
        Engine["alertUid"] = Text(Sim.Read("account/alerts/open").GetProperty("alerts")[0], "alertUid");
        Engine["variableId"] = Variable("account");
        Engine["siteVariableId"] = Variable($"site/{siteUid}");
        Engine["jobUid"] = Text(Sim.Write(HttpMethod.Put, $"device/{deviceUid}/quickjob", new JsonObject
        {
            ["jobName"] = "a job",
            ["jobComponent"] = new JsonObject { ["componentUid"] = Text(component, "uid") },
        }).GetProperty("job"), "uid");
        foreach ((string name, JsonElement one) in new[]
        {
            ("device", device), ("esxiHost", OfClass("esxihost")), ("printer", OfClass("printer")),
        })
        {
            Engine.Run($"${name} = Get-DrmmDevice {Text(one, "uid")}");
        }

        JsonElement OfClass(string deviceClass) =>
            devices.First(device => Text(device, "deviceClass") == deviceClass);
    }

    /// <summary>Each operation with each of its scripts.</summary>
    public static TheoryData<string, string> Scripts
    {
        get
        {
            TheoryData<string, string> scripts = [];
            foreach (CoverageRow row in CoverageRow.All)
            {
                foreach (string script in new[] { row.Primary, row.Gallery }.OfType<string>().Distinct())
                {
                    scripts.Add(row.Operation, script);
                }
            }
            return scripts;
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_command_makes_this_operation(string operation, string script)
    {
        CoverageRow row = CoverageRow.All.Single(row => row.Operation == operation);
        Sim.Reset();

        Outcome outcome = Engine.Invoke(script);

        IEnumerable<string> made = Sim.Requests().Where(request => !request.IsLogin)
            .Select(request => ApiOperation.Of(request).ToString());
        Assert.Contains(operation, made);
        Assert.Empty(made.Except([operation, row.Also ?? operation]));
        // Muting is no longer served; that is an error, and no fault of the command.
        Assert.True(outcome.Errors.Count == 0 || operation.EndsWith("mute"), outcome.AllText);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_test_about_a_command_is_there(string operation, string script)
    {
        CoverageRow row = CoverageRow.All.Single(row => row.Operation == operation);
        Type test = Assert.Single(typeof(CoverageTests).Assembly.GetTypes(), type => type.Name == row.Test);

        Assert.Contains(test.GetMethods(), method => method.GetCustomAttribute<FactAttribute>() != null);
        if (script == row.Primary)
        {
            string file = Assert.Single(Directory.GetFiles(
                Path.Combine(Paths.Root, "tests", "engine"), $"{row.Test}.cs", SearchOption.AllDirectories));
            Assert.Contains(CoverageRow.Command(script), File.ReadAllText(file));
        }
        else
        {
            Assert.Contains(Gallery.GallerySurface.Facts.Commands, command => command.Name == CoverageRow.Command(script));
        }
    }

    [Fact]
    public void Every_operation_has_its_row() => Assert.Equal(
        ApiOperation.All.Select(operation => operation.ToString()),
        CoverageRow.All.Select(row => row.Operation).OrderBy(Order, StringComparer.Ordinal));

    [Fact]
    public void The_table_is_the_one_that_is_tested() => Generated.AssertUpToDate(Document, Table());

    [ReferenceFact]
    public void The_operations_are_those_of_the_description() => Generated.AssertUpToDate(
        ApiOperation.File,
        string.Concat(ApiOperation.Read(Paths.ApiDescription).Select(operation => $"{operation}\n")));

    private static string Order(string operation) => string.Join(' ', operation.Split(' ').Reverse());

    private static string Table()
    {
        string[] notes = [.. CoverageRow.All.Select(row => row.Note).OfType<string>().Distinct()];
        IEnumerable<string> rows = CoverageRow.All.Select(row =>
        {
            string mark = row.Note == null ? "" : $" [{Array.IndexOf(notes, row.Note) + 1}]";
            string gallery = row.Gallery == null ? "" : $"`{row.Gallery}`";
            string tests = row.Gallery == null ? row.Test : $"{row.Test}, {GalleryTests}";
            return $"| `{row.Operation}` | `{row.Primary.Replace("|", "\\|")}`{mark} | {gallery} | {tests} |\n";
        });
        return $"""
            # What of the API the module covers

            A row for each of the {CoverageRow.All.Count} operations of the API (build 235), with a script that makes it,
            first with the primary command, then with the gallery module's where that had one. A test runs each of them
            against the simulator, which must receive this operation; the table is made by it (`CoverageTests` in
            `tests/engine/Coverage`). The last column names the classes of the tests about the commands.

            | operation | primary command | gallery command | tests |
            |---|---|---|---|
            {string.Concat(rows)}
            {string.Join("\n", notes.Select((note, number) => $"[{number + 1}] {note}\n"))}
            """.ReplaceLineEndings("\n");
    }

    private long Variable(string owner)
    {
        JsonObject body = new() { ["name"] = "made for a test", ["value"] = "x", ["masked"] = false };
        Sim.Write(HttpMethod.Put, $"{owner}/variable", body);
        return Sim.Read($"{owner}/variables?max=250").GetProperty("variables").EnumerateArray()
            .Single(variable => Text(variable, "name") == "made for a test").GetProperty("id").GetInt64();
    }

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
