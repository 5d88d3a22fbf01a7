using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the devices of a site with their network interfaces.</summary>
/// <remarks>
/// <para>For scripts of the gallery module; Get-DrmmNetworkInterface takes sites and devices from the pipeline.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteDeviceNetworkInterfaces -siteUid $siteUid</code>
/// <para>Gets all devices of a site.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmSiteDeviceNetworkInterfaces $siteUid).nics | Where-Object ipv4 -Like '10.*'</code>
/// <para>Shows the interfaces with certain addresses.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSiteDeviceNetworkInterfaces")]
[OutputType("DattoRMM.DeviceNetworkInterface")]
public sealed class GetDrmmSiteDeviceNetworkInterfacesCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <summary>The number of a device filter; it is sent, though the API does not say what it does here.</summary>
    [Parameter(Position = 1)]
    [Text]
    [ArgumentCompleter(typeof(FilterIdCompleter))]
    public string? FilterId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        NetworkInterfaces.OfSite(Required(nameof(SiteUid), SiteUid))
            .Query("filterId", Narrowing(nameof(FilterId), FilterId));
}
