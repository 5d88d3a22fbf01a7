using System.Globalization;
using DattoRMM.Bench.Cases;

namespace DattoRMM.Bench;

/// <summary>The command line.</summary>
/// <param name="Cases">What to measure; everything if none is named.</param>
/// <param name="Runs">How often.</param>
/// <param name="Guard">Whether to fail where a figure is twice its goal, measuring what can be judged anywhere.</param>
internal sealed record Options(IReadOnlyCollection<string> Cases, int Runs, bool Guard)
{
    internal const string Help = "usage: bench [--case NAME]... [--runs N] [--guard]";

    private const int DefaultRuns = 5;

    /// <summary>Whether it is a child's: that begins with the name of a type, and ours with an option.</summary>
    internal static bool IsChild(string[] line) => line is [var first, ..] && !first.StartsWith('-');

    /// <exception cref="UsageException">It is not understood.</exception>
    internal static Options Parse(string[] line, IReadOnlyCollection<string> names)
    {
        List<string> cases = [];
        int runs = DefaultRuns;
        bool guard = false;
        Queue<string> words = new(line);
        while (words.TryDequeue(out string? word))
        {
            if (word == "--guard")
            {
                guard = true;
                continue;
            }
            string value = words.TryDequeue(out string? next) ? next : throw new UsageException($"{word} needs a value");
            switch (word)
            {
                case "--case" when names.Contains(value):
                    cases.Add(value);
                    break;
                case "--case":
                    throw new UsageException($"there is no case {value}, only {string.Join(", ", names)}");
                case "--runs" when int.TryParse(value, CultureInfo.InvariantCulture, out runs) && runs > 0:
                    break;
                case "--runs":
                    throw new UsageException($"--runs takes a number from 1, not {value}");
                default:
                    throw new UsageException($"{word} is unknown");
            }
        }
        return new Options(cases, runs, guard);
    }

    /// <summary>Whether a case is to be measured: all are, unless some are named or the guard chooses.</summary>
    internal bool Wants(Case found) => Cases.Count == 0 ? found.Guards || !Guard : Cases.Contains(found.Name);
}

internal sealed class UsageException(string message) : Exception(message);
