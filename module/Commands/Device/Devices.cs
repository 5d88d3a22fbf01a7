using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Devices, as the commands that read them describe them.</summary>
internal static class Devices
{
    private const string Type = "DattoRMM.Device";

    /// <summary>Those of the account, or those that a filter picks out of them.</summary>
    internal static Call OfAccount(string? filterId) =>
        Call.Pages(Type, "devices", "v2/account/devices").Query("filterId", filterId);

    /// <summary>Those of a site, or those that a filter picks out of them.</summary>
    internal static Call OfSite(string siteUid, string? filterId) =>
        Call.Pages(Type, "devices", "v2/site/{}/devices", siteUid).Query("filterId", filterId).For(siteUid);

    /// <summary>The device with a uid.</summary>
    internal static Call One(string uid) => By("v2/device/{}", uid);

    /// <summary>The device, or the devices, that another path finds.</summary>
    internal static Call By(string path, string value) => Call.Get(Type, path, value).For(value);
}
