using System.Text.RegularExpressions;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// The instructions from a page's text to its batch, by what they do: each phase is some files of the library, the
/// parser or the standard library. The program is <c>tests/bench/profile</c>.
/// </summary>
internal static class RustPhases
{
    private const int Few = 2;
    private const int Many = 12;
    private const string Command = "cargo build --locked --profile profiling -p drmm-profile";

    private static readonly string s_program = Path.Combine(
        Paths.Target, "profiling", OperatingSystem.IsWindows() ? "drmm-profile.exe" : "drmm-profile");

    /// <summary>The first that fits counts.</summary>
    private static readonly (string What, Regex Place)[] s_phases =
    [
        ("memory taken and given back", Of(@"/malloc/|malloc|calloc|realloc|\bfree$|alloc/src/(alloc|raw_vec)")),
        ("numbers", Of(@"batch/number\.rs|parse_any_number|scan_(integer|number|decimal|exponent)")),
        ("characters of strings", Of(@"serde_json-[^/]*/src/read\.rs|memchr")),
        ("strings checked as UTF-8", Of(@"core/src/str/")),
        ("structure of the JSON", Of(@"serde_json-|serde_core-|serde-")),
        ("names and shapes", Of(@"batch/(trie|names|shapes)\.rs")),
        ("strings that stood earlier", Of(@"batch/strings\.rs|rustc-hash-")),
        ("which item is which", Of(@"drmm/src/identity\.rs|core/src/hash/")),
        ("writing the batch", Of(@"drmm-ffi/src/|memcpy|memmove")),
        ("the standard library beside that", Of("")),
    ];

    internal static IEnumerable<Row> Measure(byte[] page, int items, int runs)
    {
        if (!File.Exists(s_program))
        {
            yield return new("", $"Rust, text to batch: not counted, it needs {Command}", "instructions", []);
            yield break;
        }
        List<Dictionary<string, double>> counts = [];
        for (int i = 0; i < runs; i++)
        {
            // The difference is without what a process does once, and what the first pages teach the decoder.
            if (Count(page, Few) is not { } few || Count(page, Many) is not { } many)
            {
                yield return new("", "Rust, text to batch: not counted, there is no valgrind", "instructions", []);
                yield break;
            }
            double Each(string phase) =>
                (double)(many.GetValueOrDefault(phase) - few.GetValueOrDefault(phase)) / (Many - Few) / items;
            counts.Add(s_phases.ToDictionary(phase => phase.What, phase => Each(phase.What)));
        }
        yield return new(
            "", "Rust, text to batch", "instructions", [.. counts.Select(count => count.Values.Sum())]);
        foreach ((string what, _) in s_phases)
        {
            yield return new("", $"of it {what}", "instructions", [.. counts.Select(count => count[what])]);
        }
    }

    private static Dictionary<string, long>? Count(byte[] page, int rounds)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, page);
            return Callgrind.Count(s_program, file, rounds.ToString())?
                .GroupBy(count => PhaseOf($"{count.Key.File} {count.Key.Function}"), count => count.Value)
                .ToDictionary(phase => phase.Key, phase => phase.Sum());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string PhaseOf(string place) => s_phases.First(phase => phase.Place.IsMatch(place)).What;

    private static Regex Of(string pattern) => new(pattern, RegexOptions.CultureInvariant);
}
