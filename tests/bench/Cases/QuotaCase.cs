using System.Text.Json;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// Many processes on one quota, and many requests of one process. Both are played by <c>drmm-fleet</c>, which starts
/// its own simulator in scaled time; its README tells what is counted.
/// </summary>
internal static class QuotaCase
{
    private const string Command = "cargo build --release --locked -p drmm-fleet";

    /// <summary>Two hundred devices that run a script within a second.</summary>
    internal static IEnumerable<Row> MeasureFleet(int runs)
    {
        Played[] ours = Play(runs, "fleet", own: true);
        double[] formula = [.. ours.Select(run => run.FormulaS!.Value)];
        yield return new(
            "fleet", "until the last of 200 processes has ended", "s", [.. ours.Select(run => run.TimeS)], formula,
            Goal.Times(1.35));
        yield return Count("fleet", "processes that did not finish", ours, run => run.Processes - run.Finished);
        yield return Count("fleet", "answers 403", ours, run => run.Status403);
        yield return new("fleet", "answers 429", "", [.. ours.Select(run => (double)run.Status429)]);
        foreach (IGrouping<string, Played> yardstick in
            Play(1, "fleet", own: false).Where(run => !run.IsOurs).GroupBy(run => run.Client))
        {
            yield return new(
                "fleet", $"yardstick: {yardstick.Key} after a 429", "s",
                [.. yardstick.Select(run => run.TimeS)], formula);
            yield return new(
                "fleet", "its answers 429", "", [.. yardstick.Select(run => (double)run.Status429)]);
        }
    }

    /// <summary>2,000 requests of one process, which keeps below the cut-off.</summary>
    internal static IEnumerable<Row> MeasureSingle(int runs)
    {
        Played[] ours = Play(runs, "single", own: true);
        yield return new(
            "quota", "2,000 requests", "s",
            [.. ours.Select(run => run.TimeS)], [.. ours.Select(run => run.CutoffBoundS!.Value)], Goal.Times(1.05));
        yield return Count("quota", "answers 429", ours, run => run.Status429);
        yield return Count("quota", "answers that the server held back", ours, run => run.Delayed);
    }

    private static Row Count(string name, string what, Played[] runs, Func<Played, long> figure) =>
        new(name, what, "", [.. runs.Select(run => (double)figure(run))], [0], Goal.Exactly());

    private static Played[] Play(int runs, string name, bool own) =>
        [.. Enumerable.Range(0, runs).SelectMany(_ => Play(name, own)).Where(run => run.Case == name)];

    private static IReadOnlyList<Played> Play(string name, bool own)
    {
        string program = Program();
        string file = Path.GetTempFileName();
        try
        {
            string[] alone = own ? ["--own"] : [];
            Tool.Run(program, ["--case", name, "--model", "legacy", "--retry-after", "no", "--json", file, .. alone]);
            return JsonSerializer.Deserialize<Document>(File.ReadAllText(file), JsonSerializerOptions.Web)!.Rows;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Program()
    {
        string name = OperatingSystem.IsWindows() ? "drmm-fleet.exe" : "drmm-fleet";
        string path = Path.Combine(Paths.Target, "release", name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: {Command}");
    }

    private sealed record Document(IReadOnlyList<Played> Rows);

    /// <summary>What one fleet came to, as <c>drmm-fleet</c> writes it.</summary>
    private sealed record Played(
        string Case,
        string Client,
        int Processes,
        int Finished,
        double TimeS,
        double? FormulaS,
        double? CutoffBoundS,
        long Status429,
        long Status403,
        long Delayed)
    {
        internal bool IsOurs => Client == "drmm";
    }
}
