using System;

namespace DattoRMM.Native;

/// <summary>Times as the library's contract has them.</summary>
internal static class Milliseconds
{
    private const long Longest = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>The time, or null for a number below 0. A server may ask for more time than .NET can express.</summary>
    internal static TimeSpan? ToTime(long number) =>
        number < 0 ? null
        : number > Longest ? TimeSpan.MaxValue
        : TimeSpan.FromTicks(number * TimeSpan.TicksPerMillisecond);
}
