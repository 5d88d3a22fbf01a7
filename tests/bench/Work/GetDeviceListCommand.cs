using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Commands;

namespace DattoRMM.Bench.Work;

/// <summary>
/// <c>Get-DrmmDevice</c> with so many pages side by side. No command of the module has this: its own number is the
/// library's, and it is chosen by what these figures show.
/// </summary>
[Cmdlet(VerbsCommon.Get, "DeviceList")]
public sealed class GetDeviceListCommand : DrmmCommand
{
    /// <summary>How many pages to fetch side by side.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public int Pages { get; set; }

    /// <summary>Describes the call as the module's command does, but for that number.</summary>
    protected override Call Describe() => Devices.OfAccount(filterId: null).SideBySide(Pages);
}
