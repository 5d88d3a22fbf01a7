using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// What README and documents show can be typed: each block that is marked as <c>powershell</c> is run, here where the
/// engine alone has its commands, and all of them in <c>tests/pester/Documents.Tests.ps1</c>. What needs more than a
/// machine surely has (another module, another console) is marked <c>pwsh</c> or <c>console</c>.
/// </summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_documents =
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", Path.Combine("examples", "README.md"),
        .. Directory.GetFiles(Path.Combine(Paths.Root, "docs"), "*.md")
            .Select(file => Path.GetRelativePath(Paths.Root, file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What starts a program, which is another test's affair.</summary>
    private static readonly string[] s_programs = ["dotnet", "cargo"];

    /// <summary>Every block, with the document that it stands in.</summary>
    public static TheoryData<string, string> Blocks => Rows(All());

    /// <summary>Those that the engine has all commands for.</summary>
    public static TheoryData<string, string> Runnable
    {
        get
        {
            using Engine engine = new();
            return Rows(All().Where(block => Sample.Runs(engine, block.Code, "Get-Credential", "Get-Secret")));
        }
    }

    [Fact]
    public void There_are_blocks_to_be_run() => Assert.InRange(Runnable.Count, 8, Blocks.Count);

    [Theory]
    [MemberData(nameof(Runnable))]
    public void What_a_document_shows_works(string document, string code)
    {
        IReadOnlyList<string> errors = Sample.ErrorsWithStandIns(code);

        Assert.True(errors.Count == 0, $"{document}: {code}\n{string.Join('\n', errors)}");
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void What_a_document_shows_has_these_parameters(string document, string code)
    {
        using Engine engine = new();
        foreach (CommandAst call in Sample.Calls(code))
        {
            engine["command"] = call.GetCommandName();
            if (engine.Run("""
                $cmdlet = Get-Command $command -Module DattoRMM -ErrorAction Ignore
                if ($cmdlet.ResolvedCommand) { $cmdlet = $cmdlet.ResolvedCommand }
                $cmdlet
                """).Count == 0)
            {
                Assert.DoesNotContain("Drmm", (string)engine["command"]!);
                continue;
            }
            foreach (CommandParameterAst parameter in call.CommandElements.OfType<CommandParameterAst>())
            {
                engine["parameter"] = parameter.ParameterName;
                Outcome outcome = engine.Invoke("$cmdlet.ResolveParameter($parameter).Name");
                Assert.True(outcome.Texts is [{ Length: > 0 }], $"{document}: {call}: -{parameter.ParameterName}");
            }
        }
    }

    [Fact]
    public void A_link_leads_to_a_file_and_a_document_that_is_named_is_there()
    {
        foreach (string document in s_documents)
        {
            string folder = Path.GetDirectoryName(Path.Combine(Paths.Root, document))!;
            Assert.All(
                Link().Matches(Text(document))
                    .Select(link => link.Groups[1].Value)
                    .Where(link => !link.Contains("://")),
                link => Assert.True(File.Exists(Path.Combine(folder, link)), $"{document}: {link}"));
        }
    }

    [Fact]
    public void The_tasks_that_are_named_are_those_of_the_build()
    {
        string tasks = Tasks().Match(Text("build.ps1")).Groups[1].Value;
        foreach (string document in s_documents)
        {
            Assert.All(
                Task().Matches(Text(document)).Select(task => task.Groups[1].Value),
                task => Assert.Contains($"'{task}'", tasks));
        }
    }

    private static TheoryData<string, string> Rows(IEnumerable<(string Document, string Code)> blocks)
    {
        TheoryData<string, string> rows = [];
        foreach ((string document, string code) in blocks)
        {
            rows.Add(document, code);
        }
        return rows;
    }

    private static IEnumerable<(string Document, string Code)> All() =>
        from document in s_documents
        from Match block in Block().Matches(Text(document))
        let code = block.Groups[1].Value
        where !Sample.Calls(code).Any(call => s_programs.Contains(call.GetCommandName()))
        select (document, code);

    private static string Text(string document) => File.ReadAllText(Path.Combine(Paths.Root, document));

    [GeneratedRegex("^```powershell\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("""\]\(([^)#]+)\)""")]
    private static partial Regex Link();

    [GeneratedRegex("""build\.ps1 ([a-z-]+)""")]
    private static partial Regex Task();

    [GeneratedRegex("""ValidateSet\(('build'[^)]*)\)""")]
    private static partial Regex Tasks();
}
