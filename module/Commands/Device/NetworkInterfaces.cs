using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Devices with their network interfaces, as the commands that read them describe them.</summary>
internal static class NetworkInterfaces
{
    /// <summary>Those of a site.</summary>
    internal static Call OfSite(string siteUid) =>
        Call.Pages(
            "DattoRMM.DeviceNetworkInterface", "devices", "v2/site/{}/devices/network-interface", siteUid)
            .For(siteUid);
}
