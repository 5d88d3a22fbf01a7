using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>How Windows finds the native library without PowerShell's help, and what it does to its file.</summary>
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
    public void The_path_that_Windows_PowerShell_takes_finds_a_library_that_nobody_looks_for()
    {
        Assert.Equal(["3 batches"], Child.Run(LoadAndRead, ["preload", _sim.Url, _sim.Key, _sim.Secret], _copy.Variable));
    }

    [WindowsFact]
    public void Without_that_path_the_library_is_not_found_outside_of_PowerShell_7()
    {
        IReadOnlyList<string> lines = Child.Run(
            LoadAndRead, ["bind", _sim.Url, _sim.Key, _sim.Secret], _copy.Variable);

        Assert.StartsWith($"the native library {_copy.Library} could not be loaded", Assert.Single(lines));
    }

    [WindowsFact]
    public void A_library_that_is_missing_is_named_on_that_path_too()
    {
        File.Delete(_copy.Library);

        string line = Assert.Single(
            Child.Run(LoadAndRead, ["preload", _sim.Url, _sim.Key, _sim.Secret], _copy.Variable));

        Assert.StartsWith($"the native library {_copy.Library} could not be loaded (", line);
        Assert.EndsWith("install the module again, or ask for a build for this platform", line);
    }

    [WindowsFact]
    public void A_library_in_use_can_neither_be_deleted_nor_overwritten_and_works_on()
    {
        Assert.Equal(
            ["UnauthorizedAccessException", "IOException", "600 devices"],
            Child.Run(TryToReplace, [_sim.Url, _sim.Key, _sim.Secret], _copy.Variable));
    }

    /// <summary>Without an engine, as in Windows PowerShell, nobody knows the platform's folder.</summary>
    private static IEnumerable<string> LoadAndRead(string[] arguments)
    {
        if (NativeLoader.Load(preload: arguments[0] == "preload") is { } fault)
        {
            return [fault];
        }
        NativeSession session = NativeBatches.Connect(arguments[1], arguments[2], arguments[3]);
        int batches = NativeBatches.Read(session, Call.Pages(null, "devices", "v2/account/devices")).Batches.Count;
        session.Disconnect();
        return [$"{batches} batches"];
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
