using System.Diagnostics;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// What the module says when its native library is not the one that belongs to it. Each test has a copy of the module
/// and a process of its own.
/// </summary>
public sealed class NativeLibraryTests : IDisposable
{
    private readonly ModuleCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void A_module_may_lie_in_a_folder_of_any_letters()
    {
        IReadOnlyList<string> lines = Child.Run(Connect, [], _copy.Variable);

        // It is the library that looks at the URL.
        Assert.All(lines, line => Assert.StartsWith("DrmmInvalidArgument, ", line));
    }

    [Fact]
    public void Without_its_library_the_module_says_in_one_sentence_where_it_should_be()
    {
        File.Delete(_copy.Library);

        AssertNotLoaded(Child.Run(Connect, [], _copy.Variable), "there is no such file");
    }

    [Fact]
    public void A_file_that_is_no_library_is_named()
    {
        File.WriteAllText(_copy.Library, "no library");

        AssertNotLoaded(Child.Run(Connect, [], _copy.Variable), _copy.Library);
    }

    [RustFact]
    public void A_library_that_lacks_our_functions_is_named()
    {
        BuildLibrary(_copy.Library, "another_version", version: 1);

        AssertNotLoaded(Child.Run(Connect, [], _copy.Variable), "drmm_abi_version");
    }

    [RustFact]
    public void A_library_of_another_version_is_named_with_both_numbers()
    {
        BuildLibrary(_copy.Library, "drmm_abi_version", version: 4711);

        IReadOnlyList<string> lines = Child.Run(Connect, [], _copy.Variable);

        Assert.Contains(_copy.Library, lines[0]);
        Assert.Contains("has ABI version 4711, this module needs 1", lines[0]);
        Assert.StartsWith("DrmmNativeLibrary, NotInstalled: ", lines[0]);
        Assert.Equal(lines[0], lines[1]);
    }

    [RustFact]
    public void A_library_that_was_planted_on_the_search_path_is_not_taken()
    {
        string planted = Path.Combine(_copy.Folder.FullName, "planted");
        string name = Path.GetFileName(_copy.Library);
        Directory.CreateDirectory(planted);
        BuildLibrary(Path.Combine(planted, name), "drmm_abi_version", version: 4711);
        File.Copy(Path.Combine(planted, name), Path.Combine(planted, "lib" + name));

        IReadOnlyList<string> lines = Child.Run(
            Connect, [],
            _copy.Variable,
            ("LD_LIBRARY_PATH", planted),
            ("DYLD_LIBRARY_PATH", planted),
            ("PATH", planted + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH")));

        // It is the module's own that looks at the URL.
        Assert.All(lines, line => Assert.StartsWith("DrmmInvalidArgument, ", line));
    }

    [Theory]
    [InlineData("6.3.9600", "it needs Windows 10 or Windows Server 2016, and this is Windows 6.3")]
    [InlineData("10.0.14393", "install the module again")]
    [InlineData(null, "install the module again")]
    public void On_an_older_Windows_it_says_which_one_is_needed(string? windows, string advice)
    {
        string text = Client.Messages.LibraryNotLoaded(
            @"C:\DattoRMM\win-x64\drmm_native.dll",
            "The specified procedure could not be found.",
            windows == null ? null : new Version(windows));

        Assert.Contains(@"C:\DattoRMM\win-x64\drmm_native.dll", text);
        Assert.Contains("(The specified procedure could not be found); " + advice, text);
    }

    private void AssertNotLoaded(IReadOnlyList<string> lines, string why)
    {
        Assert.StartsWith("DrmmNativeLibrary, NotInstalled: ", lines[0]);
        Assert.Contains(_copy.Library, lines[0]);
        Assert.Contains(why, lines[0]);
        Assert.DoesNotContain("type initializer", lines[0]);
        Assert.EndsWith(".", lines[0]);
        Assert.DoesNotContain('\n', lines[0]);
        // Whoever comes after it gets the same sentence.
        Assert.Equal(lines[0], lines[1]);
    }

    /// <summary>Connects twice, to what the library itself would refuse; gives the errors.</summary>
    private static IEnumerable<string> Connect(string[] arguments)
    {
        using Engine engine = new();
        for (int i = 0; i < 2; i++)
        {
            System.Management.Automation.ErrorRecord error = engine.Invoke(
                "Connect-DrmmApi -Url http://api.example -Key a -SecretKey b").Error;
            yield return $"{error.FullyQualifiedErrorId.Split(',')[0]}, {error.CategoryInfo.Category}: {error}";
        }
    }

    /// <summary>A library that has nothing but one function, which gives a number.</summary>
    private static void BuildLibrary(string path, string function, int version)
    {
        ProcessStartInfo start = new("rustc")
        {
            ArgumentList = { "--edition", "2024", "--crate-type", "cdylib", "--crate-name", "other", "-o", path, "-" },
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(
            $"#[unsafe(no_mangle)] pub extern \"C\" fn {function}() -> u32 {{ {version} }}");
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A test that builds a library, where there is Rust.</summary>
public sealed class RustFactAttribute : FactAttribute
{
    public RustFactAttribute() => Skip = HasRust() ? null : "there is no rustc on the PATH";

    private static bool HasRust() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "rustc.exe" : "rustc")));
}
