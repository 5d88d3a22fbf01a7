using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DattoRMM.Bench.Report;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";

    internal static string Description { get; } = string.Join(
        ", ",
        $"{Environment.ProcessorCount} × {Processor()}",
        $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB",
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        $"PowerShell engine {EngineVersion()}");

    /// <summary>The processor's name where the system tells, else its kind.</summary>
    private static string Processor()
    {
        string? named = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return named?[(named.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string EngineVersion() => typeof(PSObject).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split(' ', '+')[0];
}
