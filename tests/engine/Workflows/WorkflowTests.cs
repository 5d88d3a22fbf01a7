using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using DattoRMM.Tests.Package;
using Xunit;

namespace DattoRMM.Tests.Workflows;

/// <summary>
/// The files of <c>.github/workflows</c>: what they call is there and pinned, and they may do no more than they need.
/// </summary>
public sealed partial class WorkflowTests
{
    private static readonly string s_folder = Path.Combine(Paths.Root, ".github", "workflows");

    private static readonly string[] s_names =
        [.. Directory.GetFiles(s_folder, "*.yml").Select(path => Path.GetFileName(path))];

    public static TheoryData<string> Names => [.. s_names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_action_is_pinned_by_a_commit_and_says_its_version(string name) => Assert.All(
        Values(name, "uses").Where(action => action != "./.github/workflows/ci.yml"),
        action => Assert.Matches(@"^actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", action));

    [Fact]
    public void An_action_has_one_version_in_all_of_them() => Assert.All(
        s_names.SelectMany(name => Values(name, "uses"))
            .Where(action => action.Contains('@'))
            .Distinct()
            .GroupBy(action => action.Split('@')[0]),
        versions => Assert.Single(versions));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_step_that_runs_something_runs_a_task_of_the_build_script(string name)
    {
        ParamBlockAst script = Parser.ParseFile(Path.Combine(Paths.Root, "build.ps1"), out _, out _).ParamBlock;
        string[] parameters = [.. script.Parameters.Select(parameter => "-" + parameter.Name.VariablePath)];
        string[] tasks = [.. script.Parameters[0].Attributes.OfType<AttributeAst>()
            .Single(attribute => attribute.TypeName.Name == "ValidateSet")
            .PositionalArguments
            .Select(argument => (string)argument.SafeGetValue())];

        Assert.All(Values(name, "run"), line =>
        {
            // What others may choose (a branch's name, a title) is never part of a command.
            string[] words = Matrix().Replace(line, "value").Split(' ');
            Assert.Equal("./build.ps1", words[0]);
            Assert.Contains(words[1], tasks);
            Assert.Empty(words.Where(word => word.StartsWith('-')).Except(parameters));
            Assert.DoesNotContain("${{", string.Join(' ', words));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_may_read_the_source_and_nothing_else_unless_a_job_says_so(string name)
    {
        string text = Read(name);

        Assert.Contains("\npermissions:\n  contents: read\n\n", text);
        Assert.Contains("\nconcurrency:\n  group: ", text);
        Assert.Equal(name == "release.yml" ? 3 : 0, Regex.Count(text, @": write$", RegexOptions.Multiline));
        Assert.Equal(
            Values(name, "uses").Count(action => action.StartsWith("actions/checkout@", StringComparison.Ordinal)),
            Regex.Count(text, "^ +persist-credentials: false$", RegexOptions.Multiline));
        Assert.DoesNotContain("pull_request_target", text);
        Assert.DoesNotContain("secrets.", text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_job_that_runs_somewhere_ends_in_time(string name) =>
        Assert.Equal(Values(name, "runs-on").Length, Values(name, "timeout-minutes").Length);

    [Fact]
    public void Rust_is_the_oldest_that_is_supported()
    {
        string cargo = File.ReadAllText(Path.Combine(Paths.Root, "Cargo.toml"));
        string oldest = Regex.Match(cargo, "^rust-version = \"(.+)\"$", RegexOptions.Multiline).Groups[1].Value;

        Assert.Equal([$"\"{oldest}.0\""], Values("ci.yml", "RUSTUP_TOOLCHAIN"));
    }

    [Fact]
    public void Every_platform_of_the_package_is_built_and_tested()
    {
        string text = Read("ci.yml");
        Assert.Equal(
            ShippedLibrary.Platforms.Keys.Order(),
            Regex.Matches(text, @"\{ rid: (\S+), os: ").Select(row => row.Groups[1].Value).Order());

        string[] simulators = [.. Regex.Matches(text, @" simulator: ([\w-]+)").Select(row => row.Groups[1].Value)];
        Assert.Empty(simulators.Except(ShippedLibrary.Platforms.Keys));
        foreach (string shell in new[] { "powershell", @"SysWOW64\WindowsPowerShell", "7.4.", "7.6." })
        {
            Assert.Contains(shell, text[text.IndexOf("  test:", StringComparison.Ordinal)..]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_job_downloads_another_has_uploaded(string name)
    {
        string[] uploaded = [.. Artifacts("ci.yml", "upload")];

        Assert.All(Artifacts(name, "download"), artifact => Assert.Contains(artifact, uploaded));
    }

    /// <summary>The names of what a workflow uploads or downloads, with an asterisk for the matrix's choice.</summary>
    private static IEnumerable<string> Artifacts(string name, string kind) => Artifact().Matches(Read(name))
        .Where(step => step.Groups["kind"].Value == kind)
        .Select(step => Matrix().Replace(step.Groups["name"].Value, "*"));

    private static string Read(string name) => File.ReadAllText(Path.Combine(s_folder, name));

    /// <summary>The values of a key, wherever it stands.</summary>
    private static string[] Values(string name, string key)
    {
        MatchCollection lines = Regex.Matches(Read(name), $@"^ +(?:- )?{key}: (.+)$", RegexOptions.Multiline);
        return [.. lines.Select(line => line.Groups[1].Value)];
    }

    [GeneratedRegex(@"\$\{\{ matrix\.\w+ \}\}")]
    private static partial Regex Matrix();

    [GeneratedRegex(@"actions/(?<kind>upload|download)-artifact@.*\n +with:\n +(?:name|pattern): (?<name>.+)")]
    private static partial Regex Artifact();
}
