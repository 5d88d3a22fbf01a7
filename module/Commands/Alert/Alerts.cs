using System;
using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>Alerts, as the commands that read and resolve them describe them.</summary>
internal static class Alerts
{
    /// <summary>The field that says when an alert was raised.</summary>
    internal const string Raised = "timestamp";

    private const string Type = "DattoRMM.Alert";
    private const string Items = "alerts";

    /// <summary>How many pages to read at once where the end may be near.</summary>
    private const int PagesAhead = 2;

    /// <summary>Those of the account; <paramref name="status"/> is <c>open</c> or <c>resolved</c>.</summary>
    internal static Call OfAccount(string status) => Call.Pages(Type, Items, "v2/account/alerts/" + status);

    /// <summary>Those of a site.</summary>
    internal static Call OfSite(string uid, string status) =>
        Call.Pages(Type, Items, "v2/site/{}/alerts/" + status, uid).For(uid);

    /// <summary>Those of a device.</summary>
    internal static Call OfDevice(string uid, string status) =>
        Call.Pages(Type, Items, "v2/device/{}/alerts/" + status, uid).For(uid);

    /// <summary>The alert with a uid.</summary>
    internal static Call One(string uid) => Call.Get(Type, "v2/alert/{}", uid).For(uid);

    /// <summary>Resolves the alert with a uid.</summary>
    internal static Call Resolve(string uid) =>
        Call.Post(null, "v2/alert/{}/resolve", uid).For(uid, Messages.Alert(uid), Messages.Resolve);

    /// <summary>Whether an alert was raised at a time or later. One that does not say when counts as new.</summary>
    internal static Func<PSObject, bool> IsRecent(DateTime after)
    {
        DateTimeOffset time = new(after.ToUniversalTime());
        return alert => TimeOf(alert) is not { } raised || raised >= time;
    }

    /// <summary>Those of a list that were raised at a time or later: it is read until a page of older ones.</summary>
    internal static Call Recent(Call list, DateTime after)
    {
        DateTimeOffset time = new(after.ToUniversalTime());
        return list.Where(IsRecent(after), Raised).SideBySide(PagesAhead).EndWhen(page => AreOlder(page, time));
    }

    /// <summary>Whether all are older, and fall in time: else they are in no order that says what is to come.</summary>
    private static bool AreOlder(IReadOnlyList<object?> page, DateTimeOffset after)
    {
        DateTimeOffset before = after;
        foreach (object? item in page)
        {
            if (item is not PSObject alert || TimeOf(alert) is not { } raised || raised >= after || raised > before)
            {
                return false;
            }
            before = raised;
        }
        return page.Count > 0;
    }

    private static DateTimeOffset? TimeOf(PSObject alert) => TimeMethods.Find(alert, Raised);
}
