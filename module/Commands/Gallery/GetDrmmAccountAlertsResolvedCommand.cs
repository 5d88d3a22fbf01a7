using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the resolved alerts of the account: the muted ones, or those that are not muted.</summary>
/// <remarks>
/// <para>
/// All pages are read, newest alerts first. Without -muted only alerts that are not muted come. Times are Unix
/// milliseconds; GetTime('resolvedOn') gives them as local time.
/// </para>
/// <para>New scripts may prefer Get-DrmmAlert -Status Resolved, which can stop at older alerts with -After.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountAlertsResolved</code>
/// <para>Gets the resolved alerts that are not muted.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAccountAlertsResolved -muted | ForEach-Object { $_.alertSourceInfo.deviceName }</code>
/// <para>Names the devices of those that are muted.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountAlertsResolved")]
[OutputType("DattoRMM.Alert")]
public sealed class GetDrmmAccountAlertsResolvedCommand : DrmmCommand
{
    /// <summary>Only muted alerts; without it, only those that are not muted.</summary>
    [Parameter]
    public SwitchParameter Muted { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Alerts.OfAccount("resolved").Query("muted", Muted.IsPresent.ToString());
}
