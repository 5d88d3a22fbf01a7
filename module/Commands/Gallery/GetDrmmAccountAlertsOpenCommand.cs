using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the open alerts of the account: the muted ones, or those that are not muted.</summary>
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
