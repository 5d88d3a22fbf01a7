using System;
using System.Globalization;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Objects;

/// <summary>The methods that <c>DattoRMM.Types.ps1xml</c> adds to objects with times.</summary>
public static class TimeMethods
{
    /// <summary>
    /// A field as local time: <c>$device.GetTime('lastSeen')</c>. The API gives Unix milliseconds, at times as text;
    /// dates as text are understood too. Null gives null.
    /// </summary>
    /// <param name="instance">The object.</param>
    /// <param name="name">The field.</param>
    /// <returns>A <see cref="DateTime"/> of kind Local, or null.</returns>
    /// <exception cref="ArgumentException">The object has no such field, or it holds no time.</exception>
    public static object? GetTime(PSObject instance, string name)
    {
        if (string.IsNullOrEmpty(name) || instance?.Properties[name] is not { } field)
        {
            throw new ArgumentException(Messages.Sentence(Messages.NoSuchField(name)));
        }
        object? value = field.Value is PSObject wrapper ? wrapper.BaseObject : field.Value;
        return value switch
        {
            null or "" => null,
            DateTime time => time.ToLocalTime(),
            DateTimeOffset time => time.LocalDateTime,
            long or int or double or decimal => FromMilliseconds(value, name),
            string text => FromText(text, name),
            _ => throw NoTime(name),
        };
    }

    private static DateTime FromText(string text, string name)
    {
        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal milliseconds))
        {
            return FromMilliseconds(milliseconds, name);
        }
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
            ? time.LocalDateTime
            : throw NoTime(name);
    }

    private static DateTime FromMilliseconds(object value, string name)
    {
        try
        {
            long milliseconds = Convert.ToInt64(value, CultureInfo.InvariantCulture);
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).LocalDateTime;
        }
        catch (Exception fault) when (fault is OverflowException or ArgumentOutOfRangeException)
        {
            throw NoTime(name);
        }
    }

    private static ArgumentException NoTime(string name) => new(Messages.Sentence(Messages.NotATime(name)));
}
