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
        object? value = Plain(field.Value);
        return value is null or "" ? null : (Read(value) ?? throw NoTime(name)).LocalDateTime;
    }

    /// <summary>The time in a field, hidden or not, or null if there is none to be read.</summary>
    internal static DateTimeOffset? Find(PSObject instance, string name) =>
        Plain(HiddenFields.Read(instance, name)) is { } value ? Read(value) : null;

    /// <summary>The time that a value stands for, or null if it stands for none.</summary>
    internal static DateTimeOffset? Read(object value) => value switch
    {
        DateTime time => new DateTimeOffset(time.ToLocalTime()),
        DateTimeOffset time => time,
        long or int or double or decimal => FromMilliseconds(value),
        string text => FromText(text),
        _ => null,
    };

    private static DateTimeOffset? FromText(string text)
    {
        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal milliseconds))
        {
            return FromMilliseconds(milliseconds);
        }
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
            ? time
            : null;
    }

    private static DateTimeOffset? FromMilliseconds(object value)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
        catch (Exception fault) when (fault is OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static object? Plain(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;

    private static ArgumentException NoTime(string name) => new(Messages.Sentence(Messages.NotATime(name)));
}
