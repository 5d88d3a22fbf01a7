using DattoRMM.Bench.Cases;
using DattoRMM.Bench.Report;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench;

/// <summary>
/// Measures the built module against the simulator, side by side with the limit of the same run. What needs a process
/// of its own runs in a child of this one.
/// </summary>
internal static class Program
{
    private const int Failed = 1;
    private const int Misused = 64;

    private static int Main(string[] line)
    {
        Options options;
        try
        {
            if (Options.IsChild(line))
            {
                return Child.Play(line);
            }
            options = Options.Parse(line, Catalogue.Names);
        }
        catch (UsageException misuse)
        {
            Console.Error.WriteLine($"bench: {misuse.Message}");
            Console.Error.WriteLine(Options.Help);
            return Misused;
        }

        List<Row> rows = [];
        int exit = 0;
        foreach (Case found in Catalogue.All.Where(options.Wants))
        {
            Console.Error.WriteLine($"{found.Name}: {found.What}");
            try
            {
                rows.AddRange(found.Measure(options.Runs));
            }
            catch (Exception fault)
            {
                // The others are measured all the same; this one is missing from the table, and the exit code says so.
                Console.Error.WriteLine($"{found.Name}: not measured: {fault}");
                exit = Failed;
            }
        }
        Table.Write(Console.Out, rows);
        string file = JsonFile.Write(rows, options.Runs);
        file = Path.GetRelativePath(Environment.CurrentDirectory, file);
        Console.Out.WriteLine($"medians of {options.Runs} runs on {Machine.Description}, all of them in {file}");
        if (!options.Guard)
        {
            return exit;
        }
        Row[] far = [.. rows.Where(row => !row.IsNear)];
        foreach (Row row in far)
        {
            Console.Error.WriteLine($"{row.Case}, {row.What}: more than twice its goal ({row.Goal!.Text})");
        }
        return far.Length == 0 ? exit : Failed;
    }
}
