using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Workflows;

/// <summary>What <c>tools/release.ps1</c> hands to <c>gh</c>, which a function of that name stands for.</summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("drmm-release-");
    private readonly Engine _engine = new(import: false);

    public ReleaseTests()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "SHA256SUMS"), "00ff  a.zip\n11ee  b.nupkg\n");
        _engine["folder"] = _folder.FullName;
        _engine["changelog"] = Path.Combine(_folder.FullName, "CHANGELOG.md");
        _engine["script"] = Path.Combine(Paths.Root, "tools", "release.ps1");
        _engine.Run("function gh { $global:told = $args; $global:LASTEXITCODE = 0 }");
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_release_has_what_the_sums_name_and_the_changelogs_part_about_it()
    {
        Release("v2.1.0", "## [2.1.0] - 2027-01-31\n\n### Added\n- News.\n\n## [2.0.0] - 2026-12-01\n- Old.\n").Well();

        string notes = Path.Combine(_folder.FullName, "notes.md");
        Assert.Equal(
            [
                "release", "create", "v2.1.0", "--verify-tag", "--title", "DattoRMM 2.1.0", "--notes-file", notes,
                .. new[] { "SHA256SUMS", "a.zip", "b.nupkg" }.Select(name => Path.Combine(_folder.FullName, name)),
            ],
            _engine.Invoke("$told").Texts);
        Assert.Equal("### Added\n- News.\n", File.ReadAllText(notes));
    }

    [Theory]
    [InlineData("v2.1.1", "## [2.1.0] - 2027-01-31\n- News.\n", "The tag is v2.1.1, and the version v2.1.0.")]
    [InlineData("v2.1.0", "## [2.1.0] - Unreleased\n- News.\n", "has no part \"## [2.1.0] - <year-month-day>\".")]
    public void What_is_not_ready_is_not_released(string tag, string changelog, string message)
    {
        Outcome outcome = Release(tag, changelog);

        Assert.EndsWith(message, outcome.Error.Exception.Message);
        Assert.Null(_engine.Run("$told").SingleOrDefault());
    }

    private Outcome Release(string tag, string changelog)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "CHANGELOG.md"), changelog);
        return _engine.Invoke($"& $script -Tag {tag} -Version 2.1.0 -Package $folder -Changelog $changelog");
    }
}
