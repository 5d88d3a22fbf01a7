using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the open alerts of one device.</summary>
/// <remarks>
/// <para>
/// All pages are read, newest alerts first. Each alert carries the names and uids of its device and its site in
/// alertSourceInfo, and what raised it in alertContext; times are Unix milliseconds, and GetTime('timestamp') gives
/// them as local time.
/// </para>
/// <para>
/// New scripts may prefer Get-DrmmAlert -DeviceUid, which takes devices from the pipeline too.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDeviceOpenAlerts $deviceUid</code>
/// <para>Gets the open alerts of a device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDeviceOpenAlerts -deviceUid $deviceUid | Where-Object priority -eq Critical</code>
/// <para>Gets those that are critical.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmDeviceOpenAlerts")]
[OutputType("DattoRMM.Alert")]
public sealed class GetDrmmDeviceOpenAlertsCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Alerts.OfDevice(Required(nameof(DeviceUid), DeviceUid), "open");
}
