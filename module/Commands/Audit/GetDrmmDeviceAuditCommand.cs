using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the audit of devices: hardware, system, network cards and what else was found on them.</summary>
/// <remarks>
/// <para>
/// What an audit holds depends on the class of the device: ESXi hosts have datastores and guests, printers have
/// supplies, all others what a computer has. The class decides what is asked for. A device from the pipeline tells its
/// class; a uid alone is taken for a computer's, which is one request too, and three where it is another device's. A
/// device from the pipeline of a class that the service does not audit is a warning, and the others go on.
/// </para>
/// <para>
/// The last property, deviceUid, says whose audit it is. With -MacAddress the API looks for the devices itself, and
/// does not say which ones they are.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDeviceAudit $deviceUid | ForEach-Object { $_.bios.serialNumber }</code>
/// <para>Gives the serial number of a device.</para>
/// </example>
/// <example>
/// <code>
/// Get-DrmmDevice | Where-Object deviceClass -in device, esxihost, printer | Get-DrmmDeviceAudit |
///     ForEach-Object { "$($_.deviceUid) $($_.systemInfo.model)" }
/// </code>
/// <para>Lists the models of all devices. Eight audits are asked for side by side.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmDeviceAudit", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.DeviceAudit", "DattoRMM.EsxiHostAudit", "DattoRMM.PrinterAudit")]
public sealed class GetDrmmDeviceAuditCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";
    private const string MacSet = "Mac";

    /// <summary>The uids of the devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>MAC addresses of devices that are no ESXi hosts or printers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MacSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Text]
    public string?[]? MacAddress { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [Audits.Of(input.Uid(Noun.Device), InputObject as PSObject)];

    private protected override IEnumerable<Call> DescribeScope() =>
        ParameterSetName == MacSet
            ? Each(nameof(MacAddress), MacAddress, Audits.OfMacAddress)
            : Each(nameof(DeviceUid), DeviceUid, uid => Audits.Of(uid, device: null));
}
