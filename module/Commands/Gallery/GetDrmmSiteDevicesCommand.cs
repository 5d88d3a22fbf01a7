using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the devices of one site.</summary>
/// <remarks>
/// <para>
/// For scripts of the gallery module; Get-DrmmDevice -SiteUid does the same, also for sites in the pipeline.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteDevices $siteUid</code>
/// <para>Gets all devices of a site.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSiteDevices -siteUid $siteUid -FilterId 104</code>
/// <para>Gets those that a filter picks.</para>
/// </example>
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
    [ArgumentCompleter(typeof(FilterIdCompleter))]
    public string? FilterId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Devices.OfSite(Required(nameof(SiteUid), SiteUid), Narrowing(nameof(FilterId), FilterId));
}
