using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Package;

/// <summary>
/// The libraries and simulators of the package, read as files: those of all platforms, whichever this one is.
/// </summary>
public sealed class LibraryTests
{
    private static readonly Version s_oldestGlibc = new(2, 28);

    /// <summary>
    /// What a program may ask of Windows: functions that Server 2016 has, as their documentation says, and those that
    /// ws2_32 has had by number since Winsock 1.1. Who needs another one looks there for its oldest server.
    /// </summary>
    private static readonly string s_server2016 =
        Path.Combine(Paths.Root, "tests", "engine", "Package", "server-2016.txt");

    /// <summary>How a path begins that only the machine knows on which the package was made.</summary>
    private static readonly string[] s_machines =
        ["/root/", "/github/", "/runner/", @":\a\", @":\actions", "/private/var/", ".cargo/registry"];

    /// <summary>How a user's path begins; the simulator's devices have such paths, too.</summary>
    private static readonly string[] s_homes = ["/home/", "/Users/", @":\Users\"];

    [PackageFact]
    public void There_is_a_library() => Assert.NotEmpty(ShippedLibrary.All);

    [PackageFact]
    public void The_libraries_lie_where_they_are_looked_for_and_are_for_that_processor() => Assert.All(
        ShippedLibrary.All,
        library =>
        {
            byte[] bytes = File.ReadAllBytes(library.Path);
            string processor = library.Rid.Split('-')[1];
            if (library.Rid.StartsWith("win-", StringComparison.Ordinal))
            {
                using PeFile file = new(File.ReadAllBytes(library.Path));
                Assert.Equal(
                    processor switch { "x64" => Machine.Amd64, "x86" => Machine.I386, _ => Machine.Arm64 },
                    file.Machine);
            }
            else if (library.Rid.StartsWith("linux-", StringComparison.Ordinal))
            {
                Assert.Equal("\u007fELF\u0002\u0001", Encoding.ASCII.GetString(bytes, 0, 6));
                Assert.Equal(processor == "x64" ? 62 : 183, new ElfFile(bytes).Machine);
            }
            else
            {
                Assert.Equal(0xfeedfacf, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
                Assert.Equal(
                    processor == "x64" ? 0x01000007u : 0x0100000cu,
                    BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)));
            }
        });

    [PackageFact]
    public void Nothing_lies_beside_them() => Assert.Empty(
        Directory.GetFiles(Paths.PackagedModule, "drmm_native*", SearchOption.AllDirectories)
            .Except(ShippedLibrary.All.Select(library => library.Path)));

    [PackageFact]
    public void No_library_is_larger_than_it_may_be() => Assert.All(
        ShippedLibrary.All,
        library => Assert.InRange(
            new FileInfo(library.Path).Length,
            500_000,
            library.Rid.StartsWith("linux-", StringComparison.Ordinal) ? 2_500_000 : 3_500_000));

    [PackageFact("linux")]
    public void Linux_libraries_need_no_glibc_newer_than_2_28() => Assert.All(
        ShippedLibrary.Of("linux"),
        library => AssertRunsOnOldLinux(File.ReadAllBytes(library.Path)));

    [PackageFact("win")]
    public void Windows_libraries_need_nothing_that_a_bare_Windows_lacks() => Assert.All(
        ShippedLibrary.Of("win"),
        library => AssertRunsOnOldWindows(File.ReadAllBytes(library.Path)));

    [PackageFact(OfSimulators = true)]
    public void Simulators_run_where_the_libraries_do_and_tell_as_little() => Assert.All(
        ShippedSimulator.All,
        simulator =>
        {
            byte[] program = simulator.Read();
            AssertNamesNone(s_machines, simulator.Zip, program);
            if (simulator.Rid.StartsWith("linux-", StringComparison.Ordinal))
            {
                AssertRunsOnOldLinux(program);
            }
            else if (simulator.Rid.StartsWith("win-", StringComparison.Ordinal))
            {
                AssertRunsOnOldWindows(program);
            }
        });

    [PackageFact("win")]
    public void Windows_libraries_have_the_version_of_the_module() => Assert.All(
        ShippedLibrary.Of("win"),
        library =>
        {
            using PeFile file = new(File.ReadAllBytes(library.Path));
            Assert.Equal(Paths.Version, file.FileVersion());
        });

    [PackageFact]
    public void Nothing_tells_where_it_was_built() => Assert.All(
        Directory.GetFiles(Paths.PackagedModule, "*", SearchOption.AllDirectories),
        path => AssertNamesNone([.. s_machines, .. s_homes], path, File.ReadAllBytes(path)));

    [Fact]
    public void A_file_for_windows_is_read_as_it_is()
    {
        using PeFile file = new(File.ReadAllBytes(Paths.Assembly));

        Assert.Equal(["mscoree.dll!_CorDllMain"], file.Imports());
        Assert.Equal(Paths.Version, file.FileVersion());
    }

    private static void AssertRunsOnOldLinux(byte[] program)
    {
        string[] versions = [.. new ElfFile(program).VersionsNeeded()];
        Assert.Contains(versions, version => version.StartsWith("GLIBC_2.", StringComparison.Ordinal));
        Assert.All(
            versions.Where(version => version.StartsWith("GLIBC_", StringComparison.Ordinal)),
            version => Assert.InRange(Version.Parse(version["GLIBC_".Length..]), new Version(2, 0), s_oldestGlibc));
    }

    private static void AssertRunsOnOldWindows(byte[] program)
    {
        using PeFile file = new(program);
        Assert.Contains("kernel32.dll!GetProcAddress", file.Imports());
        Assert.Empty(file.Imports().Except(File.ReadAllLines(s_server2016)));
    }

    private static void AssertNamesNone(string[] paths, string file, ReadOnlySpan<byte> bytes)
    {
        string profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Path.DirectorySeparatorChar;
        foreach (string path in (string[])[.. paths, Paths.Root, profile])
        {
            Assert.False(bytes.IndexOf(Encoding.UTF8.GetBytes(path)) >= 0, $"{file} names {path}");
            Assert.False(bytes.IndexOf(Encoding.Unicode.GetBytes(path)) >= 0, $"{file} names {path}");
        }
    }
}
