using System.Runtime.InteropServices;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>A panic of the library is an error: the shell stays, nothing is printed, and the next command works.</summary>
public sealed unsafe class PanicTests
{
    [DebugLibraryFact]
    public void A_panic_is_an_error_that_prints_nothing_and_ends_nothing()
    {
        using Simulator sim = Simulator.Start();
        using ModuleCopy copy = new();
        File.Copy(Paths.DebugLibrary, copy.Library, overwrite: true);

        IReadOnlyList<string> lines = Child.Run(
            Panic, out string written, [sim.Url, sim.Key, sim.Secret], copy.Variable);

        Assert.Equal(2, lines.Count);
        Assert.StartsWith("DrmmInternalError,", lines[0]);
        Assert.Contains("src/debug.rs", lines[0]);
        Assert.DoesNotContain("on purpose", lines[0]);
        Assert.Equal("20 devices", lines[1]);
        Assert.Equal("", written);
    }

    private static IEnumerable<string> Panic(string[] login)
    {
        using Engine engine = new();
        (engine["url"], engine["key"], engine["secret"]) = (login[0], login[1], login[2]);
        engine.Run("Connect-DrmmApi -Url $url -Key $key -SecretKey $secret");
        DrmmException fault = Assert.Throws<DrmmException>(PanicOnPurpose);
        int devices = engine.Run("Get-DrmmDevice").Count;
        engine.Run("Disconnect-DrmmApi");
        return [$"{fault.ToErrorRecord(null).FullyQualifiedErrorId}, {fault.Message}", $"{devices} devices"];
    }

    private static void PanicOnPurpose()
    {
        // It is loaded already: this gives the one that the module uses.
        IntPtr library = NativeLibrary.Load(Path.Combine(Paths.Module, Paths.NativeLibrary));
        var panic = (delegate* unmanaged[Cdecl]<IntPtr*, int>)NativeLibrary.GetExport(library, "drmm_debug_panic");
        IntPtr error = IntPtr.Zero;
        NativeError.ThrowIf(panic(&error), error);
    }
}

/// <summary>A test with the library that has debug assertions, where somebody built it.</summary>
public sealed class DebugLibraryFactAttribute : FactAttribute
{
    public DebugLibraryFactAttribute() =>
        Skip = File.Exists(Paths.DebugLibrary) ? null : $"there is no {Paths.DebugLibrary}; cargo test builds it";
}
