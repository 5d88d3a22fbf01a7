using System.Management.Automation;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What Get-Help says of each command, and its topics.</summary>
public sealed partial class HelpTests(HelpTests.Session session) : IClassFixture<HelpTests.Session>
{
    /// <summary>Whether a parameter is one that readers should know of, and not one that all commands have.</summary>
    private const string Visible =
        "-not ($_.Attributes.DontShow -eq $true) -and "
        + "-not [System.Management.Automation.Cmdlet]::CommonParameters.Contains($_.Name)";

    private readonly CapturingHost _host = session.Host;
    private readonly Engine _engine = session.Engine;

    [Fact]
    public void Every_command_is_described_with_its_parameters_and_two_examples()
    {
        Assert.Equal("", string.Join('\n', CommandNames.All.SelectMany(Complaints)));
    }

    [Fact]
    public void Help_has_the_parameter_sets_that_the_engine_sees()
    {
        _engine["names"] = CommandNames.All;

        IReadOnlyList<string?> seen = Texts($$"""
            $names | Get-Command | ForEach-Object { $_.Name; $_.ParameterSets | ForEach-Object { ($_.Parameters |
                Where-Object { {{Visible}} } |
                ForEach-Object { $_.Name, $_.IsMandatory, [Math]::Max(-1, $_.Position) -join ' ' }) -join ', ' } }
            """);
        IReadOnlyList<string?> told = Texts("""
            $names | ForEach-Object { Get-Help $_ } | ForEach-Object { $_.Name; $_.syntax.syntaxItem |
                ForEach-Object { ($_.parameter | ForEach-Object {
                    $_.name, $_.required, ($_.position -replace 'named', -1) -join ' ' }) -join ', ' } }
            """);

        Assert.Equal(seen.Select(Sorted), told.Select(Sorted));
    }

    [Fact]
    public void The_syntax_is_written_as_one_types_it()
    {
        string shown = string.Concat(Lines(Show("Get-Help New-ApiRequest"), "SYNTAX", "DESCRIPTION"));

        Assert.Equal(
            ("New-ApiRequest [-ApiMethod] {GET | PUT | POST | DELETE} [-ApiRequest] <string>"
                + " [[-ApiRequestBody] <string>] [-Connection <Connection>] [-WhatIf] [-Confirm]"
                + " [<CommonParameters>]").Replace(" ", ""),
            shown.Replace(" ", ""));
    }

    [Fact]
    public void Full_help_shows_every_part_of_it()
    {
        IReadOnlyList<string> shown = Show("Get-Help Invoke-DrmmApi -Full");

        string[] headings = [.. shown.Where(line => Heading().IsMatch(line))];
        Assert.Equal(
            ["NAME", "SYNOPSIS", "SYNTAX", "DESCRIPTION", "PARAMETERS", "INPUTS", "OUTPUTS", "RELATED LINKS"],
            headings);
        string text = string.Join('\n', shown);
        Assert.Contains("-Path <string>", text);
        Assert.Contains("-Method <string>", text);
        Assert.Contains("Default value                GET", text);
        Assert.Contains("-WhatIf", text);
        Assert.Contains("Example 2", text);
        Assert.Contains("Invoke-DrmmApi v2/alert/$alertUid/resolve -Method POST", text);
    }

    [Fact]
    public void What_is_no_concern_of_a_reader_is_not_shown()
    {
        string text = string.Join('\n', Show("Get-Help Get-DrmmAccount -Full"));

        Assert.Contains("-Connection", text);
        Assert.DoesNotContain("Stray", text);
        Assert.DoesNotContain("OutVariable ", Regex.Replace(text, "(?s)<CommonParameters>.*?INPUTS", ""));
    }

    [Fact]
    public void A_parameters_help_names_the_words_that_it_takes()
    {
        string text = string.Join('\n', Show("Get-Help Get-DrmmAlert -Parameter Status"));

        Assert.Contains("Open", text);
        Assert.Contains("Resolved", text);
        Assert.Contains("Those that are not resolved.", text);
    }

    [Fact]
    public void The_gallery_modules_alias_has_the_help_of_its_command()
    {
        Assert.Equal(
            Text("(Get-Help Connect-DrmmApi).Synopsis"),
            Text("(Get-Help Set-DrmmApiParameters).Synopsis"));
    }

    [Theory]
    [InlineData("about_DattoRMM")]
    [InlineData("about_DattoRMM_ComponentScripts")]
    [InlineData("about_DattoRMM_Migration")]
    [InlineData("about_DattoRMM_Quota")]
    public void A_topic_can_be_read_and_names_what_exists(string topic)
    {
        _engine["topic"] = topic;

        string text = Text("Get-Help $topic");

        string[] lines = text.Split('\n');
        Assert.Equal(topic, lines[1].Trim());
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        string manifest = File.ReadAllText(Paths.Manifest);
        Assert.All(Command().Matches(text), match => Assert.Contains($"'{match.Value}'", manifest));
        string[] topics = [.. Directory.GetFiles(Path.Combine(Paths.Module, "en-US")).Select(Path.GetFileName)!];
        Assert.All(Topic().Matches(text), match => Assert.Contains(match.Value + ".help.txt", topics));
    }

    /// <summary>What somebody who reads the help of a command would miss.</summary>
    private IEnumerable<string> Complaints(string command)
    {
        _engine["name"] = command;
        _engine.Run("$help = Get-Help $name -Full");
        if (Text("$help.Synopsis") is var synopsis && (!synopsis.EndsWith('.') || synopsis.Contains("[<Common")))
        {
            yield return $"{command}: no synopsis but «{synopsis}»";
        }
        if (Text("\"$($help.description.Text)\"").Length == 0)
        {
            yield return $"{command}: no description";
        }
        foreach (string? parameter in Texts($$"""
            $seen = (Get-Command $name).ParameterSets.Parameters | Where-Object { {{Visible}} }
            $seen.Name | Where-Object {
                -not ($help.parameters.parameter | Where-Object name -eq $_ | ForEach-Object { $_.description.Text }) }
            """).Distinct())
        {
            yield return $"{command}: no text for -{parameter}";
        }
        if (Texts("(Get-Command $name).Parameters.Keys").Contains("Property")
            && !Texts("$help.examples.example.code").Any(code => code!.Contains(" -Property ")))
        {
            yield return $"{command}: no example of -Property";
        }
        if (Texts("$help.inputTypes.inputType.type.name").Count == 0)
        {
            yield return $"{command}: no input type";
        }
        if (Texts("$help.returnValues.returnValue.type.name").Count == 0)
        {
            yield return $"{command}: no output type";
        }
        int examples = Texts("$help.examples.example | Where-Object { $_.code -and $_.remarks.Text }").Count;
        if (examples < 2)
        {
            yield return $"{command}: {examples} examples with a remark";
        }
    }

    /// <summary>The parts of a list in one order, in lower case.</summary>
    private static string Sorted(string? list) => string.Join(", ", list!.ToLowerInvariant().Split(", ").Order());

    private static IEnumerable<string> Lines(IReadOnlyList<string> text, string from, string to) => text
        .SkipWhile(line => line != from).Skip(1)
        .TakeWhile(line => line != to)
        .Select(line => line.Trim());

    /// <summary>The lines that a script leaves on the screen, without the blank ones.</summary>
    private IReadOnlyList<string> Show(string script)
    {
        int before = _host.Lines.Count;
        _engine.Run($"{script} | Out-Default");
        return [.. _host.Lines.Skip(before - 1).Where(line => line.Length > 0)];
    }

    private string Text(string script) => _engine.Invoke(script).Well().One.ToString();

    private IReadOnlyList<string?> Texts(string script) => _engine.Invoke(script).Well().Texts;

    /// <summary>One for all tests: what Get-Help says does not change.</summary>
    public sealed class Session : IDisposable
    {
        public Session() => Engine = new Engine(Host);

        public CapturingHost Host { get; } = new();

        public Engine Engine { get; }

        public void Dispose() => Engine.Dispose();
    }

    [GeneratedRegex("^[A-Z][A-Z ]+$")]
    private static partial Regex Heading();

    [GeneratedRegex("""\b[A-Z][a-z]+-(Drmm|Devices|Api)[A-Za-z]+""")]
    private static partial Regex Command();

    [GeneratedRegex("""\babout_[A-Za-z_]+""")]
    private static partial Regex Topic();

}
