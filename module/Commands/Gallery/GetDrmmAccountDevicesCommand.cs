using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the devices of the account.</summary>
[Cmdlet(VerbsCommon.Get, "DrmmAccountDevices")]
[OutputType("DattoRMM.Device")]
public sealed class GetDrmmAccountDevicesCommand : DrmmCommand
{
    /// <summary>The number of a device filter.</summary>
    [Parameter(Position = 0)]
    [Text]
    public string? FilterId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Devices.OfAccount(Narrowing(nameof(FilterId), FilterId));
}
