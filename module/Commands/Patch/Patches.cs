using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Patches, as the command that reads them describes them.</summary>
internal static class Patches
{
    private const string Items = "patches";

    /// <summary>Those of a device; a null status wants all.</summary>
    internal static Call OfDevice(string uid, string? status) =>
        Call.Pages("DattoRMM.Patch", Items, "v2/device/{}/patches", uid).Query("installStatus", status).For(uid);

    /// <summary>Those of a site, each with the number of devices it is about; a null status wants all.</summary>
    internal static Call OfSite(string uid, string? status) =>
        Call.Pages("DattoRMM.SitePatch", Items, "v2/site/{}/patches", uid).Query("installStatus", status).For(uid);
}
