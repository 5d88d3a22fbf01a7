using System;
using System.Collections.Generic;
using System.Linq;

namespace DattoRMM.Objects;

/// <summary>
/// Which fields of the API hold a time. Nothing in an answer says so: times are numbers, as sizes and counts are. A
/// field that holds a day alone (<c>warrantyDate</c>) is none.
/// </summary>
internal static class TimeFields
{
    /// <summary>The activity log's, whose numbers are seconds.</summary>
    private const string Activity = "date";

    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        Activity, "actionTime", "blockedUntil", "created", "creationDate", "dateCreate", "dateCreated",
        "driverFileLastModified", "lastAccess", "lastAuditDate", "lastCalibration", "lastReboot", "lastSeen",
        "lastUpdated", "ranOn", "releaseDate", "resolvedOn", "started", "stoppedUntil", "timestamp",
    };

    /// <summary>Fields below which the names are others' than the API's.</summary>
    private static readonly HashSet<string> s_open = new(StringComparer.OrdinalIgnoreCase)
    {
        "alertContext", "details", "udf", "udfs",
    };

    /// <summary>Whether a field holds times, by its path from the object on: <c>bios.releaseDate</c>.</summary>
    internal static bool Contains(string path)
    {
        string[] names = path.Split('.');
        return s_names.Contains(names[names.Length - 1]) && !names.Any(s_open.Contains);
    }

    /// <summary>The time in such a field; null if there is none to be read, or if it is a day alone.</summary>
    internal static DateTimeOffset? Read(string path, object value) =>
        value is string text && IsDay(text) ? null
        : IsActivity(path) ? ActivityMethods.Read(value)
        : TimeMethods.Read(value);

    private static bool IsActivity(string path) => string.Equals(path, Activity, StringComparison.OrdinalIgnoreCase);

    /// <summary>A day has no time of day, so it is the same day everywhere.</summary>
    private static bool IsDay(string text) => text.Length == "yyyy-MM-dd".Length && text[4] == '-';
}
