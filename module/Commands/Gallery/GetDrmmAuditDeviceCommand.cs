using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the audit of one device: its hardware, system and network cards.</summary>
/// <remarks>
/// <para>
/// One request is made. The answer has the fields of the API, and none that says whose audit it is.
/// </para>
/// <para>
/// This asks for a device of the class «device»; an ESXi host is asked for with Get-DrmmAuditESXi, a printer with
/// Get-DrmmAuditPrinter. New scripts may prefer Get-DrmmDeviceAudit, which chooses by itself and takes devices from
/// the pipeline.
/// </para>
/// </remarks>
/// <example>
/// <code>(Get-DrmmAuditDevice $deviceUid).bios.serialNumber</code>
/// <para>Gives the serial number of a device.</para>
/// </example>
/// <example>
/// <code>$computers = Get-DrmmAccountDevices | Where-Object deviceClass -eq device
/// foreach ($device in $computers) { Get-DrmmAuditDevice $device.uid }</code>
/// <para>
/// Gets the audits of all computers one after the other. Get-DrmmDevice | Get-DrmmDeviceAudit does it side by side.
/// </para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAuditDevice")]
[OutputType("DattoRMM.DeviceAudit")]
public sealed class GetDrmmAuditDeviceCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Audits.OfDevice(Required(nameof(DeviceUid), DeviceUid));
}
