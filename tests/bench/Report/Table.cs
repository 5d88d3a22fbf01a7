using System.Globalization;

namespace DattoRMM.Bench.Report;

/// <summary>The rows for people to read.</summary>
internal static class Table
{
    private static readonly string[] s_heads = ["case", "", "ours", "limit", "ratio", "goal", ""];

    /// <summary>Columns of numbers stand at the right.</summary>
    private static readonly bool[] s_right = [false, false, true, true, true, false, false];

    internal static void Write(TextWriter output, IReadOnlyList<Row> rows)
    {
        List<string[]> lines = [s_heads, .. rows.Select(Cells)];
        int[] widths = [.. s_heads.Select((_, column) => lines.Max(line => line[column].Length))];
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select((text, column) =>
                s_right[column] ? text.PadLeft(widths[column]) : text.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private static string[] Cells(Row row) =>
    [
        row.Case,
        row.What,
        row.Median is { } ours ? Number(ours, row.Unit) : "",
        row.LimitMedian is { } limit ? Number(limit, row.Unit) : "",
        row.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
        row.Goal?.Text ?? "",
        row.IsMet switch { true => "met", false => "NOT MET", null => "" },
    ];

    /// <summary>Three digits that mean something; what has no unit is counted.</summary>
    private static string Number(double value, string unit)
    {
        string format = (unit, Math.Abs(value)) switch
        {
            ("", _) or (_, >= 100) => "0",
            (_, >= 10) => "0.0",
            _ => "0.00",
        };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }
}
