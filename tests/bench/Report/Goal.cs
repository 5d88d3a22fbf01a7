using System.Globalization;

namespace DattoRMM.Bench.Report;

/// <summary>What is wanted of a figure.</summary>
internal sealed class Goal
{
    private readonly Func<double, double> _most;

    private Goal(string text, Func<double, double> most)
    {
        Text = text;
        _most = most;
    }

    internal string Text { get; }

    /// <summary>At most so many times the limit.</summary>
    internal static Goal Times(double factor) => new($"≤ {Number(factor)} × limit", limit => limit * factor);

    /// <summary>At most so much over the limit.</summary>
    internal static Goal Over(double amount, string unit) =>
        new($"≤ limit + {Number(amount)} {unit}", limit => limit + amount);

    /// <summary>At most this, whatever the limit.</summary>
    internal static Goal AtMost(double amount, string unit) => new($"≤ {Number(amount)} {unit}", _ => amount);

    internal bool IsMet(double ours, double limit) => ours <= _most(limit);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
