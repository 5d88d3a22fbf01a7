using System.Reflection;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Coverage;

/// <summary>Every operation of the API has a command that makes it: <c>docs/coverage.md</c>.</summary>
public sealed class CoverageTests
{
    private const string Document = "docs/coverage.md";

    /// <summary>The tests of all gallery commands, beside those of the primary ones.</summary>
    private const string GalleryTests = nameof(Gallery.GalleryRequestTests);

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
            Assert.Contains(
                CoverageRow.Command(script), Gallery.GallerySurface.Facts.Commands.Select(command => command.Name));
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
            string gallery = row.Gallery == null ? "none" : $"`{row.Gallery}`";
            string tests = row.Gallery == null ? row.Test : $"{row.Test}, {GalleryTests}";
            return $"| `{row.Operation}` | `{row.Primary.Replace("|", "\\|")}`{mark} | {gallery} | {tests} |\n";
        });
        return $"""
            # What of the API the module covers

            A row for each of the {CoverageRow.All.Count} operations of the API (build 235), with a script that makes it:
            one with the primary command, and one with the gallery module's where that had one. `CoverageCommandTests`
            runs each of them against the simulator, which must receive this operation; `CoverageTests` makes the table.
            The last column names the classes of the tests about the commands.

            | operation | primary command | gallery command | tests |
            |---|---|---|---|
            {string.Concat(rows)}
            {string.Join("\n", notes.Select((note, number) => $"[{number + 1}] {note}\n"))}
            """.ReplaceLineEndings("\n");
    }
}
