namespace DattoRMM.Tests.Fixtures;

/// <summary>A copy of the built module, whose library a test may change. It is for child processes only.</summary>
public sealed class ModuleCopy : IDisposable
{
    /// <summary>No code page has all of its letters.</summary>
    private const string Parent = "Geräte 管理 ☃";

    public ModuleCopy()
    {
        Module = Path.Combine(Folder.FullName, Parent, "DattoRMM");
        Library = Path.Combine(Module, Paths.NativeLibrary);
        foreach (string file in Directory.GetFiles(Paths.Module, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Module, Path.GetRelativePath(Paths.Module, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>A folder around it that nobody else uses.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("drmm-engine-");

    /// <summary>The module's own folder.</summary>
    public string Module { get; }

    /// <summary>Its native library.</summary>
    public string Library { get; }

    /// <summary>What tells a child process to take this copy.</summary>
    public (string Name, string Value) Variable => ("DRMM_MODULE", Module);

    public void Dispose() => Folder.Delete(recursive: true);
}
