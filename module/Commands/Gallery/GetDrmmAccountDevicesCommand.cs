using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the devices of the account.</summary>
/// <remarks>
/// <para>For scripts of the gallery module; Get-DrmmDevice does the same and more.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountDevices | Where-Object rebootRequired</code>
/// <para>Gets the devices that want to be restarted.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAccountDevices -FilterId 104</code>
/// <para>Gets the devices that a filter picks.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountDevices")]
[OutputType("DattoRMM.Device")]
public sealed class GetDrmmAccountDevicesCommand : DrmmCommand
{
    /// <summary>The number of a device filter.</summary>
    [Parameter(Position = 0)]
    [Text]
    [ArgumentCompleter(typeof(FilterIdCompleter))]
    public string? FilterId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Devices.OfAccount(Narrowing(nameof(FilterId), FilterId));
}
