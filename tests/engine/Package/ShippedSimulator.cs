using System.IO.Compression;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests.Package;

/// <summary>A simulator that is part of a release, in a zip of its own.</summary>
internal sealed record ShippedSimulator(string Rid, string Zip)
{
    /// <summary>Those that were packed.</summary>
    public static IReadOnlyList<ShippedSimulator> All { get; } = [.. ShippedLibrary.Platforms.Keys
        .Select(rid => new ShippedSimulator(
            rid, Path.Combine(Paths.Package, $"drmm-sim-{Paths.Version}-{rid}.zip")))
        .Where(simulator => File.Exists(simulator.Zip))];

    /// <summary>The program's name in the zip.</summary>
    public string Program => Rid.StartsWith("win-", StringComparison.Ordinal) ? "drmm-sim.exe" : "drmm-sim";

    /// <summary>The program.</summary>
    public byte[] Read()
    {
        using ZipArchive zip = ZipFile.OpenRead(Zip);
        using Stream content = zip.GetEntry(Program)!.Open();
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
