using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests.Package;

/// <summary>A native library of the package.</summary>
internal sealed record ShippedLibrary(string Rid, string Path)
{
    /// <summary>The platforms that there are packages for, with the library's name there.</summary>
    public static IReadOnlyDictionary<string, string> Platforms { get; } = new Dictionary<string, string>
    {
        ["win-x64"] = "drmm_native.dll",
        ["win-x86"] = "drmm_native.dll",
        ["win-arm64"] = "drmm_native.dll",
        ["linux-x64"] = "drmm_native.so",
        ["linux-arm64"] = "drmm_native.so",
        ["osx-x64"] = "drmm_native.dylib",
        ["osx-arm64"] = "drmm_native.dylib",
    };

    /// <summary>Those of the package.</summary>
    public static IReadOnlyList<ShippedLibrary> All { get; } = [.. Platforms
        .Select(platform => new ShippedLibrary(
            platform.Key, System.IO.Path.Combine(Paths.PackagedModule, platform.Key, platform.Value)))
        .Where(library => File.Exists(library.Path))];

    /// <summary>Those for one system: win, linux or osx.</summary>
    public static IEnumerable<ShippedLibrary> Of(string system) =>
        All.Where(library => library.Rid.StartsWith(system + "-", StringComparison.Ordinal));
}
