using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed partial class ImportTests
{
    /// <summary>The first commands of the module; those that come later are in the manifest only.</summary>
    private static readonly string[] s_spine =
    [
        "Connect-DrmmApi", "Disconnect-DrmmApi", "Get-DrmmAccount", "Get-DrmmAccountAlertsOpen",
        "Get-DrmmAccountDevices", "Get-DrmmAccountSites", "Get-DrmmAlert", "Get-DrmmDevice", "Get-DrmmQuota",
        "Get-DrmmSite", "Get-DrmmSiteDevices", "Invoke-DrmmApi", "New-ApiRequest", "Resolve-DrmmAlert",
        "Set-DrmmAlertResolve", "Set-DrmmApiParameters",
    ];

    private static readonly Manifest s_manifest = Manifest.Read(Paths.Manifest);

    [Fact]
    public void Importing_says_nothing_and_adds_exactly_what_the_manifest_lists()
    {
        using Engine engine = new(import: false);
        engine["module"] = Paths.Manifest;

        Outcome outcome = engine.Invoke("Import-Module $module -Verbose:$false").Well();

        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Warnings);
        Assert.Equal(
            s_manifest.List("CmdletsToExport").Concat(s_manifest.List("AliasesToExport")).Order(),
            engine.Invoke("(Get-Module DattoRMM).ExportedCommands.Keys").Texts.Order());
        Assert.Empty(engine.Run("(Get-Module DattoRMM).ExportedVariables.Keys"));
    }

    [Fact]
    public void The_commands_of_the_spine_are_exported()
    {
        using Engine engine = new();

        Assert.Empty(s_spine.Except(engine.Invoke("(Get-Module DattoRMM).ExportedCommands.Keys").Texts));
    }

    [Fact]
    public void The_manifest_is_valid_lists_its_exports_in_order_and_uses_no_wildcard()
    {
        using Engine engine = new(import: false);
        engine["module"] = Paths.Manifest;

        PSModuleInfo info = (PSModuleInfo)engine.Invoke("Test-ModuleManifest $module").Well().One.BaseObject;

        Assert.Equal("DattoRMM", info.Name);
        Assert.Equal("DattoRMM.dll", info.RootModule);
        Assert.Equal(["Core", "Desktop"], info.CompatiblePSEditions.Order());
        foreach (string kind in new[] { "Cmdlets", "Aliases", "Functions", "Variables" })
        {
            string[] names = s_manifest.List(kind + "ToExport");
            Assert.All(names, name => Assert.False(WildcardPattern.ContainsWildcardCharacters(name), name));
            Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        }
        Assert.Empty(s_manifest.List("FunctionsToExport"));
        Assert.Empty(s_manifest.List("VariablesToExport"));
    }

    [Fact]
    public void The_manifest_lists_every_command_of_the_assembly()
    {
        string[] commands = [.. typeof(Client.Call).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<CmdletAttribute>())
            .OfType<CmdletAttribute>()
            .Select(command => $"{command.VerbName}-{command.NounName}")
            .Order(StringComparer.OrdinalIgnoreCase)];

        Assert.Equal(commands, s_manifest.List("CmdletsToExport"));
    }

    [Fact]
    public void The_manifest_says_where_it_runs_and_where_to_read_on()
    {
        Assert.Equal("5.1", s_manifest.Text("PowerShellVersion"));
        Assert.Equal("4.7.2", s_manifest.Text("DotNetFrameworkVersion"));
        Assert.Equal(["Desktop", "Core"], s_manifest.List("CompatiblePSEditions"));
        string repository = In("Cargo.toml", RepositoryLine());
        Assert.Equal(repository, s_manifest.About("ProjectUri"));
        Assert.Equal(repository + "/blob/main/LICENSE", s_manifest.About("LicenseUri"));
        Assert.Contains(repository + "/blob/main/CHANGELOG.md", s_manifest.About("ReleaseNotes"));
        // A tag with a blank in it would be two.
        Assert.All(s_manifest.AboutList("Tags"), tag => Assert.Matches("^[A-Za-z]+$", tag));
    }

    [Fact]
    public void Everything_has_one_version()
    {
        string version = s_manifest.Text("ModuleVersion");

        Assert.Equal(version, Paths.Version.ToString());
        Assert.Equal(version, In("Cargo.toml", VersionLine()));
        Assert.Equal(version, In("crates/drmm-ffi/include/drmm.h", HeaderLine()));
        Assert.Equal(version, In("CHANGELOG.md", ChangelogLine()));
        Assert.True(Version.Parse(version) > new Version(1, 0, 0, 34), "a script would get the gallery's module");
    }

    [Fact]
    public void The_module_needs_nothing_but_the_engine_and_its_library()
    {
        Assert.Equal(
            ["netstandard", "System.Management.Automation"],
            typeof(Client.Call).Assembly.GetReferencedAssemblies().Select(reference => reference.Name).Order());
        Assert.Equal(
            ["DattoRMM.dll"],
            Directory.GetFiles(Paths.Module, "*.dll", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
                .Where(name => name != "drmm_native.dll"));
        Assert.True(File.Exists(Path.Combine(Paths.Module, Paths.NativeLibrary)));
    }

    [Fact]
    public void Importing_again_and_removing_are_harmless()
    {
        using Simulator sim = Simulator.Start();
        using Engine engine = Engine.Connected(sim);

        engine.Run("Import-Module $module -Force");
        Assert.Single(engine.Run("Get-DrmmAccount"));
        engine.Run("Remove-Module DattoRMM; Import-Module $module");
        Assert.Single(engine.Run("Get-DrmmAccount"));
        engine.Run("Disconnect-DrmmApi");
    }

    [Fact]
    public void Every_command_says_what_it_gives()
    {
        using Engine engine = new();

        Assert.Empty(engine.Run(
            "Get-Command -Module DattoRMM -CommandType Cmdlet | Where-Object { -not $_.OutputType.Count }"));
    }

    /// <summary>What the first match in a file of the checkout names.</summary>
    private static string In(string file, Regex expression) =>
        expression.Match(File.ReadAllText(Path.Combine(Paths.Root, file))).Groups[1].Value;

    [GeneratedRegex("""^version = "(.+)"$""", RegexOptions.Multiline)]
    private static partial Regex VersionLine();

    [GeneratedRegex("""^repository = "(.+)"$""", RegexOptions.Multiline)]
    private static partial Regex RepositoryLine();

    [GeneratedRegex("""^#define DRMM_VERSION "(.+)"$""", RegexOptions.Multiline)]
    private static partial Regex HeaderLine();

    [GeneratedRegex(@"^## \[(.+?)\]", RegexOptions.Multiline)]
    private static partial Regex ChangelogLine();
}
