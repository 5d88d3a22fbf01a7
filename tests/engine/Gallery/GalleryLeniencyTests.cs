using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

/// <summary>Plain functions ignore what nobody asked for, advanced ones refuse it: here as there.</summary>
public sealed class GalleryLeniencyTests : GalleryTest
{
    public static TheoryData<string> PlainFunctions =>
        new(GallerySurface.Facts.Commands.Where(command => !command.IsAdvanced).Select(command => command.Name));

    public static TheoryData<string> AdvancedFunctions =>
        new(GallerySurface.Facts.Commands.Where(command => command.IsAdvanced).Select(command => command.Name));

    [Theory]
    [MemberData(nameof(PlainFunctions))]
    public void Stray_arguments_and_stray_input_change_nothing_of_a_plain_function(string name)
    {
        GalleryCase one = GalleryCase.Of(GallerySurface.Command(name)).Last();
        string plain = string.Join('\n', Result(Script(one)));
        foreach (string script in new[]
        {
            $"{Script(one)} stray",
            $"{Script(one)} stray 2 $null @()",
            $"{Script(one)} -Unknown",
            $"{Script(one)} -Unknown value -Other:5",
            $"{Script(one)} -ErrorAction SilentlyContinue",
            $"{Script(one)} -Verbose:$false -ErrorVariable ignored -OutVariable ignored",
            $"'stray' | {Script(one)}",
            $"1, $null, @{{ uid = 'x' }} | {Script(one)}",
            $"[pscustomobject]@{{ uid = 'x'; siteUid = 'y'; StrayArguments = 1 }} | {Script(one)}",
            $"@() | {Script(one)}",
        })
        {
            Assert.Equal(plain, string.Join('\n', Result(script)));
        }
    }

    [Theory]
    [MemberData(nameof(AdvancedFunctions))]
    public void An_advanced_function_refuses_what_it_does_not_know(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        GalleryCase one = GalleryCase.Of(command).MaxBy(one => one.Bound.Count)!;
        foreach (string stray in new[] { "-Unknown 5", "stray" })
        {
            Outcome outcome = Invoke($"{Script(one)} {stray}", out IReadOnlyList<Received> received);

            Assert.True(outcome.Errors.Count > 0, $"{name} takes {stray}");
            Assert.Empty(received);
        }
    }

    /// <summary>What a script sends, and how much it gives.</summary>
    private IReadOnlyList<string> Result(string script)
    {
        if (script.Contains("Disconnect"))
        {
            Engine.Connect(Sim);
        }
        Outcome outcome = Invoke(script, out IReadOnlyList<Received> received).Well();
        return [.. received.Select(GallerySent.Of), $"{outcome.Output.Count} objects"];
    }
}
