using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// A part of a test in a process of its own, for what holds process-wide: which accounts are connected, the
/// environment, the native library. The test assembly itself is the child's program.
/// </summary>
public static class Child
{
    /// <summary>How long a child may take.</summary>
    public static TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Runs a static method in a fresh process and gives the lines that it returns. <paramref name="environment"/>
    /// adds variables.
    /// </summary>
    public static IReadOnlyList<string> Run(
        Func<string[], IEnumerable<string>> part, string[] arguments, params (string Name, string Value)[] environment) =>
        Run(part, out _, arguments, environment);

    /// <summary>As the other, and gives what the process wrote to standard error beside its lines.</summary>
    public static IReadOnlyList<string> Run(
        Func<string[], IEnumerable<string>> part,
        out string written,
        string[] arguments,
        params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(IsOwnProgram ? Environment.ProcessPath! : Dotnet())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] program = IsOwnProgram ? [] : ["exec", Assembly.GetExecutingAssembly().Location];
        string[] line = [.. program, part.Method.DeclaringType!.FullName!, part.Method.Name, .. arguments];
        foreach (string argument in line)
        {
            start.ArgumentList.Add(argument);
        }
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!output.Wait(Patience))
        {
            process.Kill();
            throw new TimeoutException($"the child process did not end within {Patience}");
        }
        process.WaitForExit();
        written = errors.Result;
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<string[]>(output.Result)!
            : throw new InvalidOperationException(
                $"the child process ended with {process.ExitCode}: {output.Result}{written}");
    }

    /// <summary>What the child does: type, method and its arguments. The lines go out as one JSON array.</summary>
    internal static int Play(string[] line)
    {
        MethodInfo part = Type.GetType(line[0], throwOnError: true)!.GetMethod(
            line[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        IEnumerable<string> lines = (IEnumerable<string>)part.Invoke(null, [line[2..]])!;
        Console.Out.Write(JsonSerializer.Serialize(lines.ToArray()));
        return 0;
    }

    /// <summary>Whether the tests were published with their runtime: then there is no dotnet to run them with.</summary>
    private static bool IsOwnProgram =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Assembly.GetExecutingAssembly().GetName().Name;

    private static string Dotnet() =>
        Path.GetFullPath(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..",
            OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
