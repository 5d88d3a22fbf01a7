using System;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using DattoRMM.Native;

namespace DattoRMM.Tests;

/// <summary>Runs every case of <see cref="Cases"/>; the simulator's program is the argument, unless another system has it.</summary>
internal static class Program
{
    /// <summary>The simulator's program.</summary>
    internal static string Simulator { get; private set; } = "";

    private static int Main(string[] line)
    {
        Simulator = line.Length > 0 ? line[0] : "";
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            // What follows binds to what is loaded here: without PowerShell nobody else would find it.
            NativeLoader.Ensure();
        }
        Console.Out.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        int passed = 0;
        int failed = 0;
        foreach (MethodInfo method in typeof(Cases).GetMethods(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
        {
            if (method.ReturnType != typeof(void) || method.Name == nameof(IDisposable.Dispose))
            {
                continue;
            }
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                using Cases cases = new(Simulator);
                ((Action)method.CreateDelegate(typeof(Action), cases))();
                passed++;
                Console.Out.WriteLine($"passed   {method.Name} ({watch.Elapsed.TotalSeconds:0.00} s)");
            }
            catch (Exception error)
            {
                failed++;
                Console.Out.WriteLine($"failed   {method.Name}\n{error}");
            }
        }
        Console.Out.WriteLine($"{passed} passed; {failed} failed; 0 ignored");
        return failed == 0 ? 0 : 1;
    }
}
