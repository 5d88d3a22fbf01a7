using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

public sealed class GallerySurfaceTests
{
    [ReferenceFact]
    public void The_facts_are_those_of_the_reference() =>
        Generated.AssertUpToDate(GallerySurface.File, GalleryReference.Read(Paths.GallerySurface).ToJson());

    [Fact]
    public void The_facts_are_about_every_export()
    {
        Assert.Equal(51, GallerySurface.Facts.Commands.Count);
        Assert.Equal(["Connect-DrmmApi"], GallerySurface.Facts.Aliases.Keys);
    }

    [Fact]
    public void Every_name_is_exported()
    {
        using Engine engine = new();
        // Only these: what is listed in the manifest and missing in the assembly does not count.
        IEnumerable<string?> exported = engine.Invoke("(Get-Module DattoRMM).ExportedCommands.Keys").Well().Texts;

        Assert.Empty(GallerySurface.Facts.Commands.Select(command => command.Name)
            .Concat(GallerySurface.Facts.Aliases.Keys)
            .Except(exported));
    }

    [Fact]
    public void An_alias_is_the_same_command()
    {
        using Engine engine = new();
        Assert.All(GallerySurface.Facts.Aliases, alias => Assert.Equal(
            [Implementation(alias.Value)], [Implementation(alias.Key)]));

        string Implementation(string name) => engine.Invoke($"""
            $command = Get-Command {name}
            if ($command.ResolvedCommand) {"{"} $command = $command.ResolvedCommand {"}"}
            $command.ImplementingType.FullName
            """).Well().Texts.Single()!;
    }
}
