using System.Globalization;

namespace DattoRMM.Bench.Report;

/// <summary>What is wanted of a figure.</summary>
internal sealed class Goal
{
    /// <summary>How far a figure may be from its goal on a machine that does other things meanwhile.</summary>
    private const double Slack = 2;

    private readonly Func<double, double, bool> _isMet;
    private readonly Func<double, double, bool>? _isNear;

    private Goal(string text, Func<double, double, bool> isMet, Func<double, double, bool>? isNear)
    {
        Text = text;
        _isMet = isMet;
        _isNear = isNear;
    }

    internal string Text { get; }

    /// <summary>At most so many times the limit.</summary>
    internal static Goal Times(double factor) => Most(
        $"≤ {Number(factor)} × limit", limit => limit * factor, isRelative: true);

    /// <summary>At most so much over the limit.</summary>
    internal static Goal Over(double amount, string unit) => Most(
        $"≤ limit + {Number(amount)} {unit}", limit => limit + amount, isRelative: true);

    /// <summary>At most this, whatever the limit. The guard leaves it out: it knows nothing of the machine.</summary>
    internal static Goal AtMost(double amount, string unit) => Most(
        $"≤ {Number(amount)} {unit}", _ => amount, isRelative: false);

    /// <summary>The limit itself, on any machine: a number of things, not of seconds.</summary>
    internal static Goal Exactly()
    {
        static bool IsEqual(double ours, double limit) => ours == limit;
        return new Goal("= limit", IsEqual, IsEqual);
    }

    internal bool IsMet(double ours, double limit) => _isMet(ours, limit);

    /// <summary>Whether the guard lets it pass; true where it has nothing to say.</summary>
    internal bool IsNear(double ours, double limit) => _isNear?.Invoke(ours, limit) ?? true;

    private static Goal Most(string text, Func<double, double> most, bool isRelative) => new(
        text,
        (ours, limit) => ours <= most(limit),
        isRelative ? (ours, limit) => ours <= most(limit) * Slack : null);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
