using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

/// <summary><c>docs/migration.md</c> says of every name of the gallery module what to write today.</summary>
public sealed partial class MigrationTests
{
    private static readonly string s_document =
        File.ReadAllText(Path.Combine(Paths.Root, "docs", "migration.md"));

    private static readonly IReadOnlyList<Match> s_rows = Row().Matches(s_document);

    [Fact]
    public void No_name_is_missing_in_the_table() => Assert.Equal(
        GallerySurface.Facts.Commands.Select(command => command.Name).Concat(GallerySurface.Facts.Aliases.Keys)
            .Order(StringComparer.Ordinal),
        s_rows.Select(row => row.Groups["old"].Value));

    [Fact]
    public void What_to_write_today_are_commands_of_the_module_with_these_parameters()
    {
        using Engine engine = new();
        foreach (string today in s_rows.SelectMany(row => Code().Matches(row.Groups["today"].Value))
            .Select(code => code.Groups["code"].Value))
        {
            string[] words = today.Split(@" \|")[0].Split(' ');
            if (words[0].StartsWith('$'))
            {
                continue;
            }
            engine.Run($"$command = Get-Command {words[0]} -Module DattoRMM -CommandType Cmdlet");
            foreach (string parameter in words.Where(word => word.StartsWith('-')))
            {
                engine.Run($"$null = $command.ResolveParameter('{parameter[1..]}')");
            }
        }
    }

    [Fact]
    public void Every_departure_is_told() => Assert.All(
        GalleryDeparture.All,
        departure => Assert.Contains($"`{departure.Command}", s_document[s_document.IndexOf("## What is the same")..]));

    [GeneratedRegex(@"^\| `(?<old>[^`]+)`[^|]* \| (?<today>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();
}
