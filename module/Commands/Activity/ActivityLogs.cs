using System;
using System.Globalization;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The activity log, as the commands that read it describe it.</summary>
internal static class ActivityLogs
{
    /// <summary>The most that a page holds.</summary>
    internal const int PageSize = 250;

    /// <summary>The field of an entry whose text is JSON.</summary>
    internal const string Details = "details";

    /// <summary>All entries, page by page; how many are on a page is left to the server where that is null.</summary>
    internal static Call Pages(int? size) =>
        Call.Pages("DattoRMM.ActivityLog", "activities", "v2/activity-logs")
            .Cursor()
            .Query("size", size?.ToString(CultureInfo.InvariantCulture));

    /// <summary>The beginning of a time span, as the server takes it: whole seconds in UTC.</summary>
    internal static string From(DateTime time) => Text(time.ToUniversalTime());

    /// <summary>The end of a time span: not before the last entry that belongs to it.</summary>
    internal static string Until(DateTime time) =>
        Text(time.ToUniversalTime() is var utc && utc < DateTime.MaxValue.AddSeconds(-1)
            ? utc.AddTicks(TimeSpan.TicksPerSecond - 1)
            : utc);

    private static string Text(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
