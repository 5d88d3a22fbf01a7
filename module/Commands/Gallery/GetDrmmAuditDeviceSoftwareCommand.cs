using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the software that is installed on one device.</summary>
/// <remarks>
/// <para>
/// All pages are read. Each item has a name and a version. New scripts may prefer Get-DrmmDeviceSoftware, which
/// takes devices from the pipeline and says whose software it is.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAuditDeviceSoftware $deviceUid</code>
/// <para>Lists the software of a device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAuditDeviceSoftware -deviceUid $deviceUid | Where-Object name -like '*Office*'</code>
/// <para>Looks for one product.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAuditDeviceSoftware")]
[OutputType("DattoRMM.Software")]
public sealed class GetDrmmAuditDeviceSoftwareCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Audits.SoftwareOf(Required(nameof(DeviceUid), DeviceUid));
}
