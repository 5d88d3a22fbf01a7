using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the settings of a site.</summary>
/// <remarks>
/// <para>For scripts of the gallery module; Get-DrmmSiteSetting takes many sites, also from the pipeline.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteSettings -siteUid $siteUid</code>
/// <para>Gets general settings, proxy and mail recipients.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmSiteSettings $siteUid).mailRecipients</code>
/// <para>Shows who gets mail about the site.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSiteSettings")]
[OutputType("DattoRMM.SiteSetting")]
public sealed class GetDrmmSiteSettingsCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => SiteSettings.Of(Required(nameof(SiteUid), SiteUid));
}
