using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the open alerts of the account: the muted ones, or those that are not muted.</summary>
/// <remarks>
/// <para>
/// All pages are read, newest alerts first. Without -muted only alerts that are not muted come. Times are Unix
/// milliseconds; GetTime('timestamp') gives them as local time.
/// </para>
/// <para>New scripts may prefer Get-DrmmAlert, which can choose by priority and time too.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountAlertsOpen</code>
/// <para>Gets the open alerts that are not muted.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAccountAlertsOpen | Add-DrmmAlertMessage | Where-Object alertType -eq Disk</code>
/// <para>Gets those about disks, with their message.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountAlertsOpen")]
[OutputType("DattoRMM.Alert")]
public sealed class GetDrmmAccountAlertsOpenCommand : DrmmCommand
{
    /// <summary>Only muted alerts; without it, only those that are not muted.</summary>
    [Parameter]
    public SwitchParameter Muted { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Alerts.OfAccount("open").Query("muted", Muted.IsPresent.ToString());
}
