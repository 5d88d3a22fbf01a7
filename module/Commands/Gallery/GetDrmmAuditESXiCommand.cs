using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the audit of one ESXi host: its hardware, datastores and guests.</summary>
/// <remarks>
/// <para>
/// One request is made. The answer has the fields of the API, and none that says whose audit it is.
/// </para>
/// <para>
/// The API answers with an error if the device is no ESXi host. New scripts may prefer Get-DrmmDeviceAudit, which
/// chooses by the class of the device.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDevice | Where-Object deviceClass -eq esxihost | ForEach-Object { Get-DrmmAuditESXi $_.uid }</code>
/// <para>Gets the audits of all ESXi hosts.</para>
/// </example>
/// <example>
/// <code>$hosts = Get-DrmmDevice | Where-Object deviceClass -eq esxihost
/// foreach ($one in $hosts) { (Get-DrmmAuditESXi -deviceUid $one.uid).datastores }</code>
/// <para>Lists the datastores of all ESXi hosts.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAuditESXi")]
[OutputType("DattoRMM.EsxiHostAudit")]
public sealed class GetDrmmAuditESXiCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Audits.OfEsxiHost(Required(nameof(DeviceUid), DeviceUid));
}
