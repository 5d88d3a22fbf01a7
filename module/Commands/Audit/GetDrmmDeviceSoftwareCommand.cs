using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the software that is installed on devices.</summary>
/// <remarks>
/// <para>
/// Each item has a name and a version; its last property, deviceUid, says on which device it is. Lists are read page by
/// page, those of several devices side by side.
/// </para>
/// <para>
/// Software is known of computers only: a device of another class from the pipeline is a warning, and the others go on.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDeviceSoftware $deviceUid | Where-Object name -like '*Office*'</code>
/// <para>Looks for a product on one device.</para>
/// </example>
/// <example>
/// <code>
/// Get-DrmmDevice | Where-Object deviceClass -eq device | Get-DrmmDeviceSoftware |
///     Where-Object name -like '7-Zip*' | ForEach-Object deviceUid
/// </code>
/// <para>Names the devices that have a product.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDeviceSoftware $deviceUid -Property name, version</code>
/// <para>Lists the software of a device in two columns.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmDeviceSoftware", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.Software")]
public sealed class GetDrmmDeviceSoftwareCommand : DrmmPipelineListCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [Audits.SoftwareOf(input.Uid(Noun.Device), InputObject as PSObject)];

    private protected override IEnumerable<Call> DescribeScope() =>
        Each(nameof(DeviceUid), DeviceUid, uid => Audits.SoftwareOf(uid, device: null));
}
