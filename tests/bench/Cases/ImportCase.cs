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
/// The other rows tell where it goes: what each binary takes without its manifest, and what is left when the engine
/// has imported the other module just before.
/// </remarks>
internal static class ImportCase
{
    private const string Case = "import";

    /// <summary>The smallest module, beside the program.</summary>
    internal static string Empty { get; } = Path.Combine(AppContext.BaseDirectory, "EmptyModule.psd1");

    internal static IEnumerable<Row> Measure(int runs)
    {
        string emptyBinary = Path.ChangeExtension(Empty, ".dll");
        List<double[]> emptyFirst = [];
        List<double[]> oursFirst = [];
        List<double> emptyAlone = [];
        List<double> oursAlone = [];
        for (int i = 0; i < runs; i++)
        {
            emptyFirst.Add([.. Fresh.Run<double>(Import, Empty, Paths.Manifest)]);
            oursFirst.Add([.. Fresh.Run<double>(Import, Paths.Manifest, Empty)]);
            emptyAlone.AddRange(Fresh.Run<double>(Import, emptyBinary));
            oursAlone.AddRange(Fresh.Run<double>(Import, Paths.Assembly));
        }
        double[] ours = [.. oursFirst.Select(run => run[0])];
        yield return new(
            Case, "fresh process", "ms", ours, [.. emptyFirst.Select(run => run[0])], Goal.Over(20, "ms"));
        yield return new(Case, "the same, beside an empty binary without manifest", "ms", ours, emptyAlone);
        yield return new(Case, "of it the binary, without manifest", "ms", oursAlone, emptyAlone);
        yield return new(
            Case, "after another module", "ms",
            [.. emptyFirst.Select(run => run[1])], [.. oursFirst.Select(run => run[1])]);
        foreach (Row row in MeasureInstalled(runs))
        {
            yield return row;
        }
    }

    /// <summary>In a full console, where there is one, more of the engine has been in use before.</summary>
    private static IEnumerable<Row> MeasureInstalled(int runs)
    {
        if (InstalledShell.Version == null)
        {
            return [new(Case, $"in a full console: not run, no {InstalledShell.Program} on the path", "", [0])];
        }
        List<double> ours = [];
        List<double> empty = [];
        List<double> emptyAlone = [];
        for (int i = 0; i < runs; i++)
        {
            ours.Add(InstalledShell.Run<double>("Measure-Import.ps1", Paths.Manifest));
            empty.Add(InstalledShell.Run<double>("Measure-Import.ps1", Empty));
            emptyAlone.Add(InstalledShell.Run<double>("Measure-Import.ps1", Path.ChangeExtension(Empty, ".dll")));
        }
        string console = $"in {InstalledShell.Program} {InstalledShell.Version}";
        return
        [
            new(Case, $"{console}, fresh process", "ms", ours, empty, Goal.Over(20, "ms")),
            new(Case, $"{console}, beside an empty binary without manifest", "ms", ours, emptyAlone),
        ];
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
