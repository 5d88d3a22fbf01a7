using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// What is asked of the server where a later command reads little of a long list, or reads it slowly. Counts, which
/// are the same on any machine.
/// </summary>
internal static class RequestCase
{
    private const string Case = "requests";

    internal static IEnumerable<Row> Measure(int runs)
    {
        using Simulator simulator = Server.Start("--devices 10000 --sites 10");
        yield return Most(simulator, runs, "Get-DrmmDevice | Select-Object -First 5", GetFive);
        yield return Most(simulator, runs, "the same, read slowly", GetFiveSlowly);
        yield return Most(
            simulator, runs, "Get-DrmmSite | Get-DrmmDevice, pages of a site before its turn", GetPageOfSites);
    }

    /// <summary>How often the path was asked for that was asked for most.</summary>
    private static Row Most(Simulator simulator, int runs, string what, Func<string[], IEnumerable<string>> work)
    {
        List<double> requests = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            Fresh.Run<Sample>(work, Account.Of(simulator).ToArguments());
            requests.Add(simulator.Calls().GroupBy(call => call.Path).Max(path => path.Count()));
        }
        return new(Case, what, "", requests, [1], Goal.Exactly());
    }

    private static IEnumerable<string> GetFive(string[] arguments) =>
        Get(arguments, "Get-DrmmDevice | Select-First 5", 5);

    private static IEnumerable<string> GetFiveSlowly(string[] arguments) =>
        Get(arguments, "Get-DrmmDevice | ForEach-Object { [Threading.Thread]::Sleep(100); $_ } | Select-First 5", 5);

    /// <summary>As many as the first site's first page has, and not that quickly.</summary>
    private static IEnumerable<string> GetPageOfSites(string[] arguments) =>
        Get(
            arguments,
            "Get-DrmmSite | Get-DrmmDevice | ForEach-Object { [Threading.Thread]::Sleep(2); $_ } | Select-First 250",
            250);

    private static IEnumerable<string> Get(string[] arguments, string script, int expected)
    {
        using Shell shell = Shell.Connected(Account.Parse(arguments));
        yield return Fresh.Give(shell.Measure(script + " | Measure-Item $tally", new Tally(keep: false), expected));
    }
}
