using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>What was found on devices, as the commands that read it describe it.</summary>
internal static class Audits
{
    private const string DeviceType = "DattoRMM.DeviceAudit";

    private const string ClassField = "deviceClass";

    /// <summary>
    /// That of a device of whatever class, which says whose it is. The class stands in <paramref name="device"/>, or
    /// the API is asked for it.
    /// </summary>
    internal static Call Of(string uid, PSObject? device) =>
        device?.Properties[ClassField] == null
            ? Devices.One(uid).Then(found => OfClass(uid, found.FirstOrDefault()))
            : OfClass(uid, device);

    /// <summary>That of a device of the class <c>device</c>.</summary>
    internal static Call OfDevice(string uid) => Call.Get(DeviceType, "v2/audit/device/{}", uid).For(uid);

    /// <summary>That of an ESXi host.</summary>
    internal static Call OfEsxiHost(string uid) =>
        Call.Get("DattoRMM.EsxiHostAudit", "v2/audit/esxihost/{}", uid).For(uid);

    /// <summary>That of a printer.</summary>
    internal static Call OfPrinter(string uid) =>
        Call.Get("DattoRMM.PrinterAudit", "v2/audit/printer/{}", uid).For(uid);

    /// <summary>Those of the devices that a MAC address is known of.</summary>
    internal static Call OfMacAddress(string address) =>
        Call.Get(DeviceType, "v2/audit/device/macAddress/{}", address).For(address);

    /// <summary>The software on a device.</summary>
    internal static Call SoftwareOf(string uid) =>
        Call.Pages("DattoRMM.Software", "software", "v2/audit/device/{}/software", uid).For(uid);

    private static Call OfClass(string uid, PSObject? device)
    {
        Call audit = (device?.Properties[ClassField]?.Value as string)?.ToLowerInvariant() switch
        {
            "esxihost" => OfEsxiHost(uid),
            "printer" => OfPrinter(uid),
            _ => OfDevice(uid),
        };
        return audit.With("deviceUid", uid);
    }
}
