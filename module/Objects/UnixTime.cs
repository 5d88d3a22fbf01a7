using System;
using System.Globalization;
using System.Management.Automation;

namespace DattoRMM.Objects;

/// <summary>Times as the API counts them: milliseconds since 1970, and seconds in the activity log.</summary>
internal static class UnixTime
{
    private static readonly DateTimeOffset s_epoch = DateTimeOffset.FromUnixTimeMilliseconds(0);

    /// <summary>The time that a number, or digits as text, stands for; null if it is neither, or out of range.</summary>
    internal static DateTimeOffset? OfMilliseconds(object? value) => Of(value, TimeSpan.TicksPerMillisecond);

    /// <summary>As the other, for seconds with a fraction.</summary>
    internal static DateTimeOffset? OfSeconds(object? value) => Of(value, TimeSpan.TicksPerSecond);

    private static DateTimeOffset? Of(object? value, long ticksPerUnit)
    {
        object? plain = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (plain is not (long or int or double or decimal or string))
        {
            return null;
        }
        try
        {
            decimal ticks = Convert.ToDecimal(plain, CultureInfo.InvariantCulture) * ticksPerUnit;
            return s_epoch.AddTicks(decimal.ToInt64(ticks));
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
