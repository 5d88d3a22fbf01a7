using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace DattoRMM.Tests.Fixtures;

/// <summary>What has to be so before the first type of the engine or of the module is touched.</summary>
internal static class Startup
{
    [ModuleInitializer]
    internal static void Prepare()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        // The machine's own settings must not connect anybody; a child process has those of its test.
        if (Assembly.GetEntryAssembly() != Assembly.GetExecutingAssembly())
        {
            ForgetSettings();
        }
        // The tests' own use of the module's internals has to meet the assembly that Import-Module loads.
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "DattoRMM" ? context.LoadFromAssemblyPath(Paths.Assembly) : null;
    }

    private static void ForgetSettings()
    {
        foreach (string name in new[] { "DRMM_API_URL", "DRMM_API_PLATFORM", "DRMM_API_KEY", "DRMM_API_SECRET" })
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}
