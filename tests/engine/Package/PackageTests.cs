using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Package;

/// <summary>The files that users get, and what galleries read in them.</summary>
public sealed class PackageTests
{
    private static readonly string s_zip = $"DattoRMM-{Paths.Version}.zip";
    private static readonly string s_nupkg = $"DattoRMM.{Paths.Version}.nupkg";

    /// <summary>What only a nupkg has.</summary>
    private static readonly string[] s_ofGalleries = ["[Content_Types].xml", "_rels/.rels", "DattoRMM.nuspec"];

    [PackageFact]
    public void The_module_is_there_with_its_licence_and_those_of_others() => Assert.Empty(new[]
    {
        "DattoRMM.psd1", "DattoRMM.dll", "DattoRMM.Format.ps1xml", "DattoRMM.Types.ps1xml", "LICENSE", "CHANGELOG.md",
        "THIRD-PARTY-NOTICES.txt", "en-US/DattoRMM.dll-Help.xml", "en-US/about_DattoRMM.help.txt",
    }.Except(Files()));

    [PackageFact]
    public void The_zip_holds_the_folder_for_a_module_path()
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(Paths.Package, s_zip));

        AssertHolds(zip, $"DattoRMM/{Paths.Version}/");
        Assert.Equal(Files().Count, zip.Entries.Count);
    }

    [PackageFact]
    public void The_nupkg_holds_the_same_files_and_a_kind_for_each()
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(Paths.Package, s_nupkg));

        AssertHolds(zip, "");
        Assert.Equal(s_ofGalleries, zip.Entries.Select(entry => entry.FullName).Except(Files()));
        XDocument types = Read(zip, "[Content_Types].xml");
        string[] extensions = [.. types.Root!.Elements().Attributes("Extension").Select(it => it.Value)];
        string[] parts = [.. types.Root!.Elements().Attributes("PartName").Select(it => it.Value)];
        Assert.Equal(extensions.Distinct(), extensions);
        Assert.DoesNotContain(
            zip.Entries.Select(entry => entry.FullName).Except(["[Content_Types].xml"]),
            name => !parts.Contains("/" + name) && !extensions.Contains(Path.GetExtension(name).TrimStart('.')));
        string target = Read(zip, "_rels/.rels").Root!.Elements().Single().Attribute("Target")!.Value;
        Assert.Equal("/DattoRMM.nuspec", target);
    }

    [PackageFact]
    public void The_nuspec_says_what_the_manifest_says()
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(Paths.Package, s_nupkg));
        XElement metadata = Read(zip, "DattoRMM.nuspec").Root!.Elements().Single();
        string Text(string name) => metadata.Element(metadata.Name.Namespace + name)!.Value;

        Manifest manifest = Manifest.Read(Path.Combine(Paths.PackagedModule, "DattoRMM.psd1"));
        Assert.Equal("DattoRMM", Text("id"));
        Assert.Equal(manifest.Text("ModuleVersion"), Text("version"));
        Assert.Equal(manifest.Text("Description"), Text("description"));
        Assert.Equal(manifest.About("ProjectUri"), Text("projectUrl"));
        Assert.Equal(manifest.About("LicenseUri"), Text("licenseUrl"));
        Assert.Equal(manifest.About("ReleaseNotes"), Text("releaseNotes"));
        string[] tags = Text("tags").Split(' ');
        Assert.Equal(
            manifest.List("CmdletsToExport").Select(name => "PSCmdlet_" + name),
            tags.Where(tag => tag.StartsWith("PSCmdlet_", StringComparison.Ordinal)));
        Assert.Empty(new[] { "PSModule", "PSEdition_Desktop", "PSEdition_Core", "PSIncludes_Cmdlet", "Datto" }
            .Except(tags));
    }

    [PackageFact]
    public void The_sums_are_those_of_the_files() => Assert.Equal(
        new[] { s_zip, s_nupkg }
            .Concat(ShippedSimulator.All.Select(simulator => Path.GetFileName(simulator.Zip)))
            .Select(name => $"{Sum(Path.Combine(Paths.Package, name))}  {name}"),
        File.ReadAllLines(Path.Combine(Paths.Package, "SHA256SUMS")));

    [PackageFact(OfSimulators = true)]
    public void Each_simulator_has_the_licences_of_what_is_in_it_and_may_be_run() => Assert.All(
        ShippedSimulator.All,
        simulator =>
        {
            using ZipArchive zip = ZipFile.OpenRead(simulator.Zip);
            Assert.Equal(
                [simulator.Program, "LICENSE", "THIRD-PARTY-NOTICES.txt"], zip.Entries.Select(entry => entry.FullName));
            Assert.Equal(
                Convert.ToInt32("100755", 8), zip.GetEntry(simulator.Program)!.ExternalAttributes >> 16 & 0xffff);
            using StreamReader notices = new(zip.GetEntry("THIRD-PARTY-NOTICES.txt")!.Open());
            Assert.StartsWith("The simulator of DattoRMM", notices.ReadLine());
        });

    [PackageFact]
    public void The_same_module_makes_the_same_bytes()
    {
        foreach (string name in new[] { s_zip, s_nupkg })
        {
            using ZipArchive zip = ZipFile.OpenRead(Path.Combine(Paths.Package, name));
            Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
            string[] files = [.. zip.Entries.Select(entry => entry.FullName).Except(s_ofGalleries)];
            Assert.Equal(files.Order(StringComparer.Ordinal), files);
        }
    }

    private static List<string> Files() =>
        [.. Directory.GetFiles(Paths.PackagedModule, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Paths.PackagedModule, path).Replace('\\', '/'))];

    /// <summary>Every file of the module is in the archive under this folder, as it is.</summary>
    private static void AssertHolds(ZipArchive zip, string folder) => Assert.All(Files(), name =>
    {
        ZipArchiveEntry entry = zip.GetEntry(folder + name)
            ?? throw new InvalidOperationException($"there is no {folder}{name}");
        using Stream content = entry.Open();
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Paths.PackagedModule, name)), bytes.ToArray());
    });

    private static string Sum(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static XDocument Read(ZipArchive zip, string name)
    {
        using Stream content = zip.GetEntry(name)!.Open();
        return XDocument.Load(content);
    }
}
