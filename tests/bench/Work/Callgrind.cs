using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DattoRMM.Bench.Work;

/// <summary>
/// Counts the instructions of a program with valgrind's callgrind, by the source file and the function that they come
/// from. What was inlined still counts for the file in which it is written, so that a phase of the work is a few files.
/// </summary>
internal static partial class Callgrind
{
    /// <summary>Instructions by their origin; null where there is no valgrind.</summary>
    internal static IReadOnlyDictionary<(string File, string Function), long>? Count(
        string program, params string[] arguments)
    {
        string report = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new("valgrind") { RedirectStandardError = true, RedirectStandardOutput = true };
            string[] line = ["--tool=callgrind", $"--callgrind-out-file={report}", program, .. arguments];
            Array.ForEach(line, start.ArgumentList.Add);
            using Process? process = Start(start);
            if (process == null)
            {
                return null;
            }
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? Sum(File.ReadLines(report))
                : throw new InvalidOperationException($"{string.Join(' ', line)}: {output.Result}{errors}");
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// Sums a report's costs of single lines. Names stand in full where they come first and are numbers from then on;
    /// the line behind <c>calls=</c> is the cost of what was called, which is counted where it arises.
    /// </summary>
    private static Dictionary<(string File, string Function), long> Sum(IEnumerable<string> report)
    {
        Dictionary<string, string> files = [];
        Dictionary<string, string> functions = [];
        Dictionary<(string File, string Function), long> sums = [];
        (string File, string Function) at = ("", "");
        bool isCalled = false;
        foreach (string line in report)
        {
            Match name = Name().Match(line);
            if (name.Success)
            {
                string kind = name.Groups[1].Value;
                if (kind is "ob" or "cob")
                {
                    continue;
                }
                bool isFunction = kind.EndsWith("fn", StringComparison.Ordinal);
                string found = Resolve(isFunction ? functions : files, name);
                if (kind is "fl" or "fi" or "fe")
                {
                    at.File = found;
                }
                else if (kind == "fn")
                {
                    at.Function = found;
                }
            }
            else if (line.StartsWith("calls=", StringComparison.Ordinal))
            {
                isCalled = true;
            }
            else if (Cost().Match(line) is { Success: true } cost)
            {
                if (!isCalled)
                {
                    long before = sums.GetValueOrDefault(at);
                    sums[at] = before + long.Parse(cost.Groups[1].Value, CultureInfo.InvariantCulture);
                }
                isCalled = false;
            }
        }
        return sums;
    }

    private static string Resolve(Dictionary<string, string> names, Match name)
    {
        string number = name.Groups[2].Value;
        if (name.Groups[3] is { Length: > 0 } text)
        {
            names[number] = text.Value;
        }
        return names[number];
    }

    [GeneratedRegex(@"^(c?(?:ob|fl|fi|fe|fn))=(\(\d+\))(?: (.+))?$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?:[+-]?\d+|\*) (\d+)$")]
    private static partial Regex Cost();
}
