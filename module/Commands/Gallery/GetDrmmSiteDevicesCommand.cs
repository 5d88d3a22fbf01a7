using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the devices of one site.</summary>
[Cmdlet(VerbsCommon.Get, "DrmmSiteDevices")]
[OutputType("DattoRMM.Device")]
public sealed class GetDrmmSiteDevicesCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <summary>The number of a device filter.</summary>
    [Parameter(Position = 1)]
    [Text]
    public string? FilterId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Devices.OfSite(Required(nameof(SiteUid), SiteUid), Narrowing(nameof(FilterId), FilterId));
}
