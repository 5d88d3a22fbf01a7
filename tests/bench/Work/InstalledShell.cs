using System.ComponentModel;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>A full PowerShell, where one is on the path: what users have, with all that starts in it.</summary>
internal static class InstalledShell
{
    internal const string Program = "pwsh";

    /// <summary>The scripts for it.</summary>
    internal static string Scripts { get; } = Path.Combine(Paths.Root, "tests", "bench", "yardstick");

    /// <summary>Its version; null where there is none.</summary>
    internal static string? Version { get; } = FindVersion();

    /// <summary>Runs one of the scripts in a fresh process and reads the JSON that it writes.</summary>
    internal static T Run<T>(string script, params string[] arguments) => JsonSerializer.Deserialize<T>(
        Tool.Run(Program, ["-NoProfile", "-NonInteractive", "-File", Path.Combine(Scripts, script), .. arguments]))!;

    private static string? FindVersion()
    {
        try
        {
            return Tool.Run(
                Program, ["-NoProfile", "-NonInteractive", "-Command", "\"$($PSVersionTable.PSVersion)\""]).Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
