using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>What was found on devices, as the commands that read it describe it.</summary>
internal static class Audits
{
    private const string DeviceType = "DattoRMM.DeviceAudit";

    private const string Computer = "device";
    private const string EsxiHost = "esxihost";
    private const string Printer = "printer";

    /// <summary>
    /// That of a device of whatever class, which says whose it is. The class stands in <paramref name="device"/>, or
    /// has to be found out.
    /// </summary>
    internal static Call Of(string uid, PSObject? device) =>
        device == null || !HiddenFields.Has(device, Input.DeviceClass)
            ? OfUnknown(uid)
            : Unless(ClassOf(device) is not (Computer or EsxiHost or Printer), device, OfClass(uid, ClassOf(device)));

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

    /// <summary>The software on a device, which each item names.</summary>
    internal static Call SoftwareOf(string uid, PSObject? device) =>
        Unless(ClassOf(device) is not (null or Computer), device, SoftwareOf(uid).With("deviceUid", uid));

    /// <summary>
    /// That of a device of unknown class. Most are computers, so that is what is asked for: one request in place of two.
    /// The API refuses it for one of another class, and only then is asked which.
    /// </summary>
    private static Call OfUnknown(string uid) =>
        OfClass(uid, Computer)
            .Gather(found => found)
            .Or(refusal => refusal.Kind == ErrorKind.Rejected
                ? Devices.One(uid).Then(found => OfOther(uid, ClassOf(found.FirstOrDefault()), refusal))
                : null);

    private static Call OfOther(string uid, string? deviceClass, DrmmException refusal) =>
        deviceClass is EsxiHost or Printer ? OfClass(uid, deviceClass) : Call.Refused(refusal, uid);

    private static Call OfClass(string uid, string? deviceClass)
    {
        Call audit = deviceClass switch
        {
            EsxiHost => OfEsxiHost(uid),
            Printer => OfPrinter(uid),
            _ => OfDevice(uid),
        };
        return audit.With("deviceUid", uid);
    }

    /// <summary>
    /// Makes a refusal a warning where the class of a piped device says that it may have no audit: among all devices of
    /// an account there are always some.
    /// </summary>
    private static Call Unless(bool mayHaveNone, PSObject? device, Call call) =>
        mayHaveNone
            ? call.Excusing(fault => fault.Kind == ErrorKind.Rejected
                ? Messages.NotAudited(call.Subject, ClassOf(device))
                : null)
            : call;

    private static string? ClassOf(PSObject? device) =>
        device == null ? null : (HiddenFields.Read(device, Input.DeviceClass) as string)?.ToLowerInvariant();
}
