using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the open alerts of one site.</summary>
/// <remarks>
/// <para>
/// All pages are read, newest alerts first. Each alert carries the names and uids of its device and its site in
/// alertSourceInfo, and what raised it in alertContext; times are Unix milliseconds, and GetTime('timestamp') gives
/// them as local time.
/// </para>
/// <para>
/// New scripts may prefer Get-DrmmAlert -SiteUid, which takes sites from the pipeline too.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteOpenAlerts $siteUid</code>
/// <para>Gets the open alerts of a site.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSiteOpenAlerts -siteUid $siteUid | Where-Object priority -eq Critical</code>
/// <para>Gets those that are critical.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSiteOpenAlerts")]
[OutputType("DattoRMM.Alert")]
public sealed class GetDrmmSiteOpenAlertsCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Alerts.OfSite(Required(nameof(SiteUid), SiteUid), "open");
}
