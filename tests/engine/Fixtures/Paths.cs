using System.Runtime.InteropServices;

namespace DattoRMM.Tests.Fixtures;

/// <summary>Where the things are that the tests run.</summary>
public static class Paths
{
    /// <summary>The checkout: the nearest folder above the test assembly that holds <c>Cargo.toml</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where cargo puts what it builds.</summary>
    public static string Target { get; } = Path.Combine(Root, Variable("CARGO_TARGET_DIR") ?? "target");

    /// <summary>The folder of the built module; <c>DRMM_MODULE</c> names another one.</summary>
    public static string Module { get; } =
        Path.GetFullPath(Variable("DRMM_MODULE") ?? Path.Combine(Root, "out", "DattoRMM"));

    /// <summary>The module's manifest.</summary>
    public static string Manifest { get; } = Path.Combine(Module, "DattoRMM.psd1");

    /// <summary>The module's assembly.</summary>
    public static string Assembly { get; } = Path.Combine(Module, "DattoRMM.dll");

    /// <summary>What the package task of build.ps1 made; <c>DRMM_PACKAGE</c> names another folder of this kind.</summary>
    public static string Package { get; } =
        Path.GetFullPath(Variable("DRMM_PACKAGE") ?? Path.Combine(Root, "out", "package"));

    /// <summary>The version of the module's assembly, with three parts.</summary>
    public static Version Version { get; } =
        new(System.Reflection.AssemblyName.GetAssemblyName(Assembly).Version!.ToString(3));

    /// <summary>The folder of the module in the package.</summary>
    public static string PackagedModule { get; } = Path.Combine(Package, "DattoRMM", Version.ToString());

    /// <summary>The native library for this process, relative to the module.</summary>
    public static string NativeLibrary { get; } = Path.Combine(RuntimeIdentifier(), "drmm_native" + LibraryExtension());

    /// <summary>
    /// The library with debug assertions, which cargo builds for its own tests; <c>DRMM_DEBUG_LIBRARY</c> names another
    /// one. It may be missing.
    /// </summary>
    public static string DebugLibrary { get; } = Path.GetFullPath(
        Variable("DRMM_DEBUG_LIBRARY") ?? Path.Combine(
            Target, "debug", "deps", (OperatingSystem.IsWindows() ? "" : "lib") + "drmm_native" + LibraryExtension()));

    /// <summary>The simulator; <c>DRMM_SIM</c> names another one.</summary>
    public static string Simulator { get; } = Path.GetFullPath(Variable("DRMM_SIM") ?? FindSimulator());

    /// <summary>The shared reference data about the API, which may lie beside the checkout.</summary>
    public static string Reference { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared", "api"));

    /// <summary>The gallery module's commands, in that data.</summary>
    public static string GallerySurface { get; } = Path.Combine(Reference, "gallery-surface.json");

    /// <summary>The API's own description, in that data.</summary>
    public static string ApiDescription { get; } =
        Path.Combine(Reference, "datto-rmm-openapi-3.1-build-235.json");

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Combine(folder.FullName, "Cargo.toml")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName
            ?? throw new InvalidOperationException($"no Cargo.toml above {AppContext.BaseDirectory}");
    }

    private static string FindSimulator() =>
        Path.Combine(Target, "debug", OperatingSystem.IsWindows() ? "drmm-sim.exe" : "drmm-sim");

    private static string RuntimeIdentifier()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string LibraryExtension() =>
        OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
}
