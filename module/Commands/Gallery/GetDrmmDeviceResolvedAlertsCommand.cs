using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the resolved alerts of one device.</summary>
/// <remarks>
/// <para>
/// All pages are read, newest alerts first. Each alert carries the names and uids of its device and its site in
/// alertSourceInfo, and what raised it in alertContext; times are Unix milliseconds, and GetTime('timestamp') gives
/// them as local time.
/// </para>
/// <para>
/// New scripts may prefer Get-DrmmAlert -DeviceUid -Status Resolved, which takes devices from the pipeline too.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDeviceResolvedAlerts $deviceUid</code>
/// <para>Gets the resolved alerts of a device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDeviceResolvedAlerts -deviceUid $deviceUid | Where-Object priority -eq Critical</code>
/// <para>Gets those that are critical.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmDeviceResolvedAlerts")]
[OutputType("DattoRMM.Alert")]
public sealed class GetDrmmDeviceResolvedAlertsCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Alerts.OfDevice(Required(nameof(DeviceUid), DeviceUid), "resolved");
}
