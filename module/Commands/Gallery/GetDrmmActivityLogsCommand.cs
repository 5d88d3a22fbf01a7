using System;
using System.Management.Automation;
using System.Numerics;
using System.Text.RegularExpressions;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets entries of the activity log, with their details as objects and their times as local times.</summary>
/// <remarks>
/// <para>Without -StartDateTime the server gives the last 15 minutes only. The number and the name of the site stand
/// in siteId and siteName; date, and what looks like a time among the details, are local times.</para>
/// <para>Get-DrmmActivityLog gives the entries as the API has them.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmActivityLogs -StartDateTime (Get-Date).AddDays(-1)</code>
/// <para>Gets the entries of the last day.</para>
/// </example>
/// <example>
/// <code>Get-DrmmActivityLogs device job | Where-Object hostname -Like 'srv*'</code>
/// <para>Gets what jobs did on devices in the last 15 minutes, of servers only.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmActivityLogs")]
[OutputType("DattoRMM.ActivityLog")]
public sealed class GetDrmmActivityLogsCommand : PlainFunctionCommand
{
    /// <summary>What was acted on: device or user.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("device", "user")]
    [Text]
    public string[]? LogTypes { get; set; }

    /// <summary>Categories, such as job or device.</summary>
    [Parameter(Position = 1)]
    [Alias("c")]
    [Text]
    public string[]? Categories { get; set; }

    /// <summary>Actions, such as deployment or note.</summary>
    [Parameter(Position = 2)]
    [Text]
    public string[]? Actions { get; set; }

    /// <summary>The numbers of sites.</summary>
    [Parameter(Position = 3)]
    [Text]
    public int[]? SiteIds { get; set; }

    /// <summary>The numbers of users.</summary>
    [Parameter(Position = 4)]
    [Alias("u", "us", "use")]
    [Text]
    public int[]? UserIds { get; set; }

    /// <summary>The beginning, in local time unless it says that it is UTC.</summary>
    [Parameter(Position = 5)]
    [Alias("st")]
    [Text]
    public DateTime? StartDateTime { get; set; }

    /// <summary>The end, in local time unless it says that it is UTC.</summary>
    [Parameter(Position = 6)]
    [Alias("e")]
    [Text]
    public DateTime? EndDateTime { get; set; }

    /// <summary>How many entries are on a page; all pages are read.</summary>
    [Parameter(Position = 7)]
    [Text]
    public new int Limit { get; set; }

    /// <summary>Oldest first (asc) or newest first (desc).</summary>
    [Parameter(Position = 8)]
    [ValidateSet("asc", "desc")]
    [Text]
    public string? SortOrder { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => ActivityLogs.Pages(Limit == 0 ? null : Limit)
        .Query("entities", Narrowing(nameof(LogTypes), LogTypes)?.ToLowerInvariant())
        .Query("categories", Narrowing(nameof(Categories), Categories))
        .Query("actions", Narrowing(nameof(Actions), Actions))
        .Query("siteIds", Narrowing(nameof(SiteIds), SiteIds))
        .Query("userIds", Narrowing(nameof(UserIds), UserIds))
        .Query("from", Narrowing(nameof(StartDateTime), StartDateTime, ActivityLogs.From))
        .Query("until", Narrowing(nameof(EndDateTime), EndDateTime, ActivityLogs.Until))
        .Query("order", Narrowing(nameof(SortOrder), SortOrder)?.ToLowerInvariant())
        .Unfolding(ActivityLogs.Details)
        .Select(Reshaped);

    private static PSObject Reshaped(PSObject entry)
    {
        PSObject? site = Field(entry, "site") as PSObject;
        Set(entry, "siteId", site == null ? null : Field(site, "id"));
        Set(entry, "siteName", site == null ? null : Field(site, "name"));
        entry.Properties.Remove("site");
        if (UnixTime.OfSeconds(Field(entry, "date")) is { } date)
        {
            Set(entry, "date", date.LocalDateTime);
        }
        if (Field(entry, ActivityLogs.Details) is PSObject { BaseObject: PSCustomObject } details)
        {
            foreach (PSPropertyInfo detail in details.Properties)
            {
                if (LooksLikeATime(detail) && UnixTime.OfMilliseconds(detail.Value) is { } time)
                {
                    detail.Value = time.LocalDateTime;
                }
            }
        }
        return entry;
    }

    /// <summary>Whether it is a number other than 0, or digits, whose name speaks of a time.</summary>
    private static bool LooksLikeATime(PSPropertyInfo detail) =>
        Regex.IsMatch(detail.Name, "start|end|time|date", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
        && LanguagePrimitives.TryConvertTo(detail.Value, out BigInteger number)
        && !number.IsZero;

    private static object? Field(PSObject item, string name) => item.Properties[name]?.Value;

    private static void Set(PSObject item, string name, object? value)
    {
        if (item.Properties[name] is { } field)
        {
            field.Value = value;
        }
        else
        {
            item.Properties.Add(new PSNoteProperty(name, value));
        }
    }
}
