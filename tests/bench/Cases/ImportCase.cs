using System.Diagnostics;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// <c>Import-Module</c> alone, in a process whose engine is open and has run one pipeline, as every console has by
/// then; in turns with the smallest module that could be published: a manifest and a binary of one empty command. The
/// module's types and formats are on its own account.
/// </summary>
/// <remarks>
/// The engine from NuGet is not compiled beforehand as an installed PowerShell is, so a fresh process spends most of
/// the time on compiling the engine's own import. The second row is without that: the engine has imported the other
/// module just before.
/// </remarks>
internal static class ImportCase
{
    internal static IEnumerable<Row> Measure(int runs)
    {
        string ours = Paths.Manifest;
        string empty = Path.Combine(AppContext.BaseDirectory, "EmptyModule.psd1");
        List<double> fresh = [];
        List<double> freshLimit = [];
        List<double> warm = [];
        List<double> warmLimit = [];
        List<double> binary = [];
        for (int i = 0; i < runs; i++)
        {
            double[] emptyFirst = [.. Fresh.Run<double>(Import, empty, ours)];
            double[] oursFirst = [.. Fresh.Run<double>(Import, ours, empty)];
            fresh.Add(oursFirst[0]);
            freshLimit.Add(emptyFirst[0]);
            warm.Add(emptyFirst[1]);
            warmLimit.Add(oursFirst[1]);
            binary.AddRange(Fresh.Run<double>(Import, Path.ChangeExtension(empty, ".dll")));
        }
        yield return new("import", "fresh process", "ms", fresh, freshLimit, Goal.Over(40, "ms"));
        yield return new("import", "after another module", "ms", warm, warmLimit);
        yield return new("import", "the empty binary, no manifest", "ms", binary);
    }

    private static IEnumerable<string> Import(string[] modules)
    {
        using Shell shell = new();
        shell.Run("1 | Out-Null");
        foreach (string module in modules)
        {
            shell.Set("module", module);
            long start = Stopwatch.GetTimestamp();
            shell.Run("Import-Module $module");
            yield return Fresh.Give(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
