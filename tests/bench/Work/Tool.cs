using System.Diagnostics;

namespace DattoRMM.Bench.Work;

/// <summary>A program that is not ours to run inside.</summary>
internal static class Tool
{
    /// <summary>Runs it to its end and gives what it printed.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is none.</exception>
    internal static string Run(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? printed
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {printed}");
    }
}
