namespace DattoRMM.Bench.Report;

/// <summary>A line of the table: what we take, what nobody can beat, and what is wanted.</summary>
/// <param name="Case">The case it belongs to.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">The unit of both figures.</param>
/// <param name="Ours">What each run took; nothing if it could not be measured here.</param>
/// <param name="Limit">What is physically possible, in the same run; null if there is nothing to compare with.</param>
/// <param name="Goal">What is wanted; null for a figure that only explains another.</param>
internal sealed record Row(
    string Case,
    string What,
    string Unit,
    IReadOnlyList<double> Ours,
    IReadOnlyList<double>? Limit = null,
    Goal? Goal = null)
{
    internal double? Median => Ours.Count == 0 ? null : Middle(Ours);

    internal double? LimitMedian => Limit == null ? null : Middle(Limit);

    /// <summary>Null where the limit is nothing.</summary>
    internal double? Ratio => LimitMedian is > 0 ? Median / LimitMedian : null;

    /// <summary>Null where nothing is wanted.</summary>
    internal bool? IsMet => Median is { } ours ? Goal?.IsMet(ours, LimitMedian ?? 0) : null;

    /// <summary>Whether the guard lets it pass.</summary>
    internal bool IsNear => Median is not { } ours || (Goal?.IsNear(ours, LimitMedian ?? 0) ?? true);

    private static double Middle(IReadOnlyList<double> runs)
    {
        double[] sorted = [.. runs.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
