using System;
using System.Management.Automation;

namespace DattoRMM.Objects;

/// <summary>The methods that <c>DattoRMM.Types.ps1xml</c> adds to entries of the activity log.</summary>
public static class ActivityMethods
{
    /// <summary>
    /// A field as local time, as <see cref="TimeMethods.GetTime"/> gives it; but numbers are Unix seconds with a
    /// fraction, which only the activity log has.
    /// </summary>
    /// <param name="instance">The entry.</param>
    /// <param name="name">The field.</param>
    /// <returns>A <see cref="DateTime"/> of kind Local, or null.</returns>
    /// <exception cref="ArgumentException">The entry has no such field, or it holds no time.</exception>
    public static object? GetTime(PSObject instance, string name)
    {
        object? value = string.IsNullOrEmpty(name) ? null : instance?.Properties[name]?.Value;
        return Seconds(value) is { } time ? time.LocalDateTime : TimeMethods.GetTime(instance!, name);
    }

    /// <summary>As <see cref="TimeMethods.Read"/>, for a value of the activity log.</summary>
    internal static DateTimeOffset? Read(object value) => Seconds(value) ?? TimeMethods.Read(value);

    private static DateTimeOffset? Seconds(object? value)
    {
        object? plain = value is PSObject wrapper ? wrapper.BaseObject : value;
        return plain is string ? null : UnixTime.OfSeconds(plain);
    }
}
