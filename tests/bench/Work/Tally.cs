using System.Diagnostics;
using System.Management.Automation;

namespace DattoRMM.Bench.Work;

/// <summary>What came down a pipeline.</summary>
/// <param name="keep">Whether to keep the objects.</param>
public sealed class Tally(bool keep)
{
    /// <summary>How many objects came.</summary>
    public int Count { get; private set; }

    /// <summary>When the first one came, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long FirstAt { get; private set; }

    /// <summary>The objects, if they were to be kept.</summary>
    public List<PSObject> Kept { get; } = [];

    /// <summary>Counts one object.</summary>
    public void Add(PSObject item)
    {
        if (Count++ == 0)
        {
            FirstAt = Stopwatch.GetTimestamp();
        }
        if (keep)
        {
            Kept.Add(item);
        }
    }
}
