using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
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

    [Fact]
    public void Importing_says_nothing_and_adds_exactly_what_the_manifest_lists()
    {
        using Engine engine = new(import: false);
        engine["module"] = Paths.Manifest;

        Outcome outcome = engine.Invoke("Import-Module $module -Verbose:$false").Well();

        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Warnings);
        Hashtable manifest = Manifest();
        Assert.Equal(
            Listed(manifest, "CmdletsToExport").Concat(Listed(manifest, "AliasesToExport")).Order(),
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
        Hashtable manifest = Manifest();
        foreach (string kind in new[] { "Cmdlets", "Aliases", "Functions", "Variables" })
        {
            string[] names = Listed(manifest, kind + "ToExport");
            Assert.All(names, name => Assert.False(WildcardPattern.ContainsWildcardCharacters(name), name));
            Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        }
        Assert.Empty(Listed(manifest, "FunctionsToExport"));
        Assert.Empty(Listed(manifest, "VariablesToExport"));
    }

    [Fact]
    public void The_manifest_lists_every_command_of_the_assembly()
    {
        string[] commands = [.. typeof(Client.Call).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<CmdletAttribute>())
            .OfType<CmdletAttribute>()
            .Select(command => $"{command.VerbName}-{command.NounName}")
            .Order(StringComparer.OrdinalIgnoreCase)];

        Assert.Equal(commands, Listed(Manifest(), "CmdletsToExport"));
    }

    [Fact]
    public void Module_assembly_and_crates_have_one_version()
    {
        Version version = Version.Parse((string)Manifest()["ModuleVersion"]!);

        Assert.Equal(version, new Version(typeof(Client.Call).Assembly.GetName().Version!.ToString(3)));
        string cargo = File.ReadAllText(Path.Combine(Paths.Root, "Cargo.toml"));
        Assert.Equal(version.ToString(), CargoVersion().Match(cargo).Groups[1].Value);
        Assert.True(version > new Version(1, 0, 0, 34), "a script would get the gallery's module");
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

    private static Hashtable Manifest()
    {
        ScriptBlockAst script = Parser.ParseFile(Paths.Manifest, out _, out ParseError[] errors);
        Assert.Empty(errors);
        Ast manifest = script.Find(node => node is HashtableAst, searchNestedScriptBlocks: false);
        return (Hashtable)manifest.SafeGetValue();
    }

    private static string[] Listed(Hashtable manifest, string name) => manifest[name] switch
    {
        string one => [one],
        object[] several => [.. several.Cast<string>()],
        _ => throw new InvalidOperationException($"the manifest has no {name}"),
    };

    [GeneratedRegex("""^version = "(.+)"$""", RegexOptions.Multiline)]
    private static partial Regex CargoVersion();
}
