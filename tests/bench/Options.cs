using System.Globalization;
using DattoRMM.Bench.Cases;

namespace DattoRMM.Bench;

/// <summary>The command line.</summary>
internal sealed record Options(IReadOnlyCollection<string> Cases, int Runs)
{
    internal const string Help = "usage: bench [--case NAME]... [--runs N]";

    private const int DefaultRuns = 5;

    /// <summary>Whether it is a child's: that begins with the name of a type, and ours with an option.</summary>
    internal static bool IsChild(string[] line) => line is [var first, ..] && !first.StartsWith('-');

    /// <exception cref="UsageException">It is not understood.</exception>
    internal static Options Parse(string[] line, IReadOnlyCollection<string> names)
    {
        List<string> cases = [];
        int runs = DefaultRuns;
        for (int i = 0; i < line.Length; i += 2)
        {
            string value = i + 1 < line.Length ? line[i + 1] : throw new UsageException($"{line[i]} needs a value");
            switch (line[i])
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
                    throw new UsageException($"{line[i]} is unknown");
            }
        }
        return new Options(cases, runs);
    }

    /// <summary>Whether a case is to be measured: all are, unless some are named.</summary>
    internal bool Wants(Case found) => Cases.Count == 0 || Cases.Contains(found.Name);
}

internal sealed class UsageException(string message) : Exception(message);
