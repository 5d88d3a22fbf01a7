using System;
using System.Management.Automation;

namespace DattoRMM.Client;

/// <summary>Something that is asked for again until it has ended: a job.</summary>
internal sealed class Poll
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    internal Poll(Func<PSObject, bool> hasEnded, TimeSpan patience, string waiting)
    {
        HasEnded = hasEnded;
        Patience = patience;
        Waiting = waiting;
    }

    /// <summary>Whether an answer is the one that is waited for.</summary>
    internal Func<PSObject, bool> HasEnded { get; }

    /// <summary>How long to ask at most.</summary>
    internal TimeSpan Patience { get; }

    /// <summary>What is waited for, in words.</summary>
    internal string Waiting { get; }

    /// <summary>
    /// The pause after the question with this number, from 0: it doubles, so that what takes long costs little of the
    /// quota.
    /// </summary>
    internal static TimeSpan Pause(int asked) =>
        TimeSpan.FromTicks(Math.Min(s_longest.Ticks, s_shortest.Ticks << Math.Min(asked, 8)));
}
