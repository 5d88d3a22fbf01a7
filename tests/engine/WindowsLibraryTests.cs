using System.Runtime.InteropServices;
using DattoRMM.Native;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// What Windows says of a native library that it does not find by its path, as Windows PowerShell loads it, and what it
/// does to the file of one in use. That the former works is shown by <c>tests/framework</c>.
/// </summary>
public sealed class WindowsLibraryTests : IDisposable
{
    private readonly Simulator _sim = Simulator.Start("--devices 600 --sites 3");
    private readonly ModuleCopy _copy = new();

    public void Dispose()
    {
        _copy.Dispose();
        _sim.Dispose();
    }

    [WindowsFact]
    public void A_library_that_Windows_PowerShell_would_miss_is_named()
    {
        File.Delete(_copy.Library);

        string line = Assert.Single(Child.Run(Preload, [], _copy.Variable));

        Assert.StartsWith($"the native library {_copy.Library} could not be loaded (", line);
        Assert.EndsWith("install the module again, or ask for a build for this platform", line);
    }

    [WindowsFact]
    public void A_library_of_another_module_that_is_loaded_already_is_not_taken()
    {
        string other = Path.Combine(Paths.Module, Paths.NativeLibrary);

        string line = Assert.Single(Child.Run(PreloadAfter, [other], _copy.Variable));

        Assert.StartsWith(
            $"the native library {_copy.Library} cannot be used: this process has loaded another one", line);
    }

    [WindowsFact]
    public void A_library_in_use_can_neither_be_deleted_nor_overwritten_and_works_on()
    {
        Assert.Equal(
            ["UnauthorizedAccessException", "IOException", "600 devices"],
            Child.Run(TryToReplace, [_sim.Url, _sim.Key, _sim.Secret], _copy.Variable));
    }

    private static IEnumerable<string> Preload(string[] arguments) => [NativeLoader.Load(preload: true) ?? "loaded"];

    private static IEnumerable<string> PreloadAfter(string[] other)
    {
        NativeLibrary.Load(other[0]);
        return Preload([]);
    }

    private static IEnumerable<string> TryToReplace(string[] login)
    {
        using Engine engine = new();
        (engine["url"], engine["key"], engine["secret"]) = (login[0], login[1], login[2]);
        engine.Run("Connect-DrmmApi -Url $url -Key $key -SecretKey $secret");
        string library = Path.Combine(Paths.Module, Paths.NativeLibrary);
        string deletion = Record.Exception(() => File.Delete(library)).GetType().Name;
        string change = Record.Exception(() => File.WriteAllText(library, "another")).GetType().Name;
        int devices = engine.Run("Get-DrmmDevice").Count;
        engine.Run("Disconnect-DrmmApi");
        return [deletion, change, $"{devices} devices"];
    }
}
