using System;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets entries of the activity log: who did what, and what happened on devices.</summary>
/// <remarks>
/// <para>Without -From the server gives the last 15 minutes only. All pages are read, to the end of the time span or
/// until there are -First entries.</para>
/// <para>The date of an entry is in Unix seconds with a fraction, unlike all other times of the API; its method
/// GetTime('date') gives it as local time. Its details are text that holds JSON; -ExpandDetails makes an object of
/// it.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmActivityLog -From (Get-Date).AddHours(-8) -Entity user</code>
/// <para>Shows what users did in the last eight hours.</para>
/// </example>
/// <example>
/// <code>Get-DrmmActivityLog -From (Get-Date).AddDays(-1) -ExpandDetails | ForEach-Object { "$($_.GetTime('date')) $($_.hostname) $($_.action)" }</code>
/// <para>Lists the last day with local times.</para>
/// </example>
/// <example>
/// <code>Get-DrmmActivityLog -Entity user -Property date, user.userName, action</code>
/// <para>Gives three fields of each entry.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmActivityLog")]
[OutputType("DattoRMM.ActivityLog")]
public sealed class GetDrmmActivityLogCommand : DrmmListCommand
{
    /// <summary>The beginning, in local time unless it says that it is UTC.</summary>
    [Parameter(Position = 0)]
    [Text]
    public DateTime? From { get; set; }

    /// <summary>The end, in local time unless it says that it is UTC; without it, now.</summary>
    [Parameter(Position = 1)]
    [Text]
    public DateTime? Until { get; set; }

    /// <summary>What was acted on: device or user.</summary>
    [Parameter]
    [ValidateSet("device", "user")]
    [Text]
    public string[]? Entity { get; set; }

    /// <summary>Categories, such as job or device.</summary>
    [Parameter]
    [Text]
    public string[]? Category { get; set; }

    /// <summary>Actions, such as deployment or note.</summary>
    [Parameter]
    [Text]
    public string[]? Action { get; set; }

    /// <summary>The numbers of sites; these are their ids, not their uids.</summary>
    [Parameter]
    [Text]
    public long[]? SiteId { get; set; }

    /// <summary>The numbers of users.</summary>
    [Parameter]
    [Text]
    public long[]? UserId { get; set; }

    /// <summary>A search as in the web portal: words, phrases, wildcards, AND and OR.</summary>
    [Parameter]
    [Text]
    public string? SearchQuery { get; set; }

    /// <summary>Oldest first (asc) or newest first (desc); without it, as the server likes.</summary>
    [Parameter]
    [ValidateSet("asc", "desc")]
    [Text]
    public string? Order { get; set; }

    /// <summary>The most entries to give.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Makes an object of the details; where they are no JSON they stay text.</summary>
    [Parameter]
    public SwitchParameter ExpandDetails { get; set; }

    /// <inheritdoc/>
    protected override Call Describe()
    {
        Call log = ActivityLogs.Pages(Math.Min(First ?? ActivityLogs.PageSize, ActivityLogs.PageSize))
            .Query("from", Narrowing(nameof(From), From, ActivityLogs.From))
            .Query("until", Narrowing(nameof(Until), Until, ActivityLogs.Until))
            .Query("entities", Narrowing(nameof(Entity), Entity)?.ToLowerInvariant())
            .Query("categories", Narrowing(nameof(Category), Category))
            .Query("actions", Narrowing(nameof(Action), Action))
            .Query("siteIds", Narrowing(nameof(SiteId), SiteId))
            .Query("userIds", Narrowing(nameof(UserId), UserId))
            .Query("searchQuery", Narrowing(nameof(SearchQuery), SearchQuery))
            .Query("order", Narrowing(nameof(Order), Order)?.ToLowerInvariant())
            .First(First);
        return ExpandDetails ? log.Unfolding(ActivityLogs.Details) : log;
    }
}
