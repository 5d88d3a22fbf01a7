using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// What README and documents show can be typed: each block that is marked as <c>powershell</c> is run, here where the
/// engine alone has its commands, and all of them in <c>tests/pester/Documents.Tests.ps1</c>. What needs more than a
/// machine surely has (another module, another console) is marked <c>pwsh</c> or <c>console</c>. Links lead somewhere.
/// </summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_documents =
    [
        .. new[] { "", "docs", "examples", Path.Combine("tests", "bench") }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Paths.Root, folder), "*.md"))
            .Select(file => Path.GetRelativePath(Paths.Root, file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Where the project's own files are on the web.</summary>
    private static readonly string s_web = Manifest.Read(Paths.Manifest).About("ProjectUri") + "/blob/main/";

    /// <summary>What starts a program, which is another test's affair.</summary>
    private static readonly string[] s_programs = ["dotnet", "cargo"];

    /// <summary>What something stands for when a block is run (<see cref="Sample"/>).</summary>
    private static readonly string[] s_standIns = ["Get-Credential", "Get-Secret", "Import-AttachedModule"];

    /// <summary>Every block, with the document that it stands in.</summary>
    public static TheoryData<string, string> Blocks => Rows(All());

    /// <summary>Those that the engine has all commands for.</summary>
    public static TheoryData<string, string> Runnable
    {
        get
        {
            using Engine engine = new();
            return Rows(All().Where(block => Sample.Runs(engine, block.Code, s_standIns)));
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
    public void A_link_leads_to_a_file_and_to_a_heading_in_it()
    {
        foreach (string document in s_documents)
        {
            Assert.All(Links(document), link => AssertLeads(document, link));
        }
    }

    [Fact]
    public void A_document_that_is_packed_without_the_others_links_to_the_web() =>
        Assert.All(Links("CHANGELOG.md"), link => Assert.StartsWith("https://", link));

    [Fact]
    public void A_file_of_a_release_that_is_named_has_this_version()
    {
        foreach (string document in s_documents)
        {
            Assert.All(
                Release().Matches(Text(document)),
                file => Assert.True(file.Groups[1].Value == Paths.Version.ToString(), $"{document}: {file.Value}"));
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

    /// <summary>A document without its blocks, where a cast looks like a link and a comment like a heading.</summary>
    private static string Prose(string document) => Fence().Replace(Text(document), "");

    private static IEnumerable<string> Links(string document) =>
        Link().Matches(Prose(document)).Select(link => link.Groups[1].Value);

    private static void AssertLeads(string document, string link)
    {
        string[] parts = link.Split('#', 2);
        if (parts[0].Contains("://") && !parts[0].StartsWith(s_web, StringComparison.Ordinal))
        {
            return;
        }
        string target = parts[0] switch
        {
            "" => document,
            var path when path.Contains("://") => path[s_web.Length..],
            var path => Path.Combine(Path.GetDirectoryName(document)!, path),
        };
        Assert.True(File.Exists(Path.Combine(Paths.Root, target)), $"{document}: {link}");
        if (parts.Length > 1)
        {
            IEnumerable<string> anchors = Heading().Matches(Prose(target)).Select(Anchor);
            Assert.True(anchors.Contains(parts[1]), $"{document}: {link}");
        }
    }

    /// <summary>What GitHub makes of a heading.</summary>
    private static string Anchor(Match heading) =>
        NotInAnchors().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^```powershell\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("""\]\(([^)\s]+)\)""")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("""[^\w\- ]""")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("""(?:DattoRMM[-./]|drmm-sim-|releases/download/v)(\d+\.\d+\.\d+)(?!\.?\d)""")]
    private static partial Regex Release();

    [GeneratedRegex("""build\.ps1 ([a-z-]+)""")]
    private static partial Regex Task();

    [GeneratedRegex("""ValidateSet\(('build'[^)]*)\)""")]
    private static partial Regex Tasks();
}
