using System.Text.Encodings.Web;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Report;

/// <summary>The rows for programs to read, with all runs and the machine they ran on.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The file is read as a file, never as part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the file and gives its path.</summary>
    internal static string Write(IReadOnlyList<Row> rows, int runs)
    {
        string path = Path.Combine(Paths.Root, "out", "bench.json");
        var report = new
        {
            Time = DateTimeOffset.UtcNow,
            Machine = Machine.Description,
            Runs = runs,
            Rows = rows.Select(row => new
            {
                row.Case,
                row.What,
                row.Unit,
                Ours = row.Median,
                Limit = row.LimitMedian,
                row.Ratio,
                Goal = row.Goal?.Text,
                Met = row.IsMet,
                OursOfRuns = row.Ours,
                LimitOfRuns = row.Limit,
            }),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(report, s_format) + "\n");
        return path;
    }
}
