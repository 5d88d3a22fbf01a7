using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Resolves an alert and gives the answer's text, which is empty.</summary>
/// <remarks>
/// <para>
/// New scripts may prefer Resolve-DrmmAlert, which takes alerts from the pipeline and gives nothing back.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-DrmmAlertResolve $alertUid</code>
/// <para>Resolves an alert.</para>
/// </example>
/// <example>
/// <code>foreach ($alert in Get-DrmmAccountAlertsOpen -muted) { $null = Set-DrmmAlertResolve $alert.alertUid }</code>
/// <para>Resolves the muted alerts.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmAlertResolve", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class SetDrmmAlertResolveCommand : DrmmCommand
{
    /// <summary>The uid of the alert.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Alert)]
    public string? AlertUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Alerts.Resolve(Required(nameof(AlertUid), AlertUid)).Text();
}
