using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the audit of one printer: its model, supplies and network cards.</summary>
/// <remarks>
/// <para>
/// One request is made. The answer has the fields of the API, and none that says whose audit it is.
/// </para>
/// <para>
/// The API answers with an error if the device is no printer. New scripts may prefer Get-DrmmDeviceAudit, which
/// chooses by the class of the device.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDevice | Where-Object deviceClass -eq printer | ForEach-Object { Get-DrmmAuditPrinter $_.uid }</code>
/// <para>Gets the audits of all printers.</para>
/// </example>
/// <example>
/// <code>$printers = Get-DrmmDevice | Where-Object deviceClass -eq printer
/// foreach ($one in $printers) { (Get-DrmmAuditPrinter -deviceUid $one.uid).printerMarkerSupplies }</code>
/// <para>Lists the supplies of all printers.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAuditPrinter")]
[OutputType("DattoRMM.PrinterAudit")]
public sealed class GetDrmmAuditPrinterCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Audits.OfPrinter(Required(nameof(DeviceUid), DeviceUid));
}
