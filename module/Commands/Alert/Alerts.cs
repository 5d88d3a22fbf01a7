using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Alerts, as the commands that read and resolve them describe them.</summary>
internal static class Alerts
{
    private const string Type = "DattoRMM.Alert";
    private const string Items = "alerts";

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
}
