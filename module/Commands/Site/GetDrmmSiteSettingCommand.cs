using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the settings of sites: general ones, proxy, mail recipients.</summary>
/// <remarks>
/// <para>
/// One request for each site. The settings hold generalSettings, proxySettings (null without a proxy; the service never
/// gives its password back) and mailRecipients, with what each of them receives. The last property, siteUid, says which
/// site they are of.
/// </para>
/// <para>From the pipeline come sites, or devices and alerts, which stand for the site that they belong to.</para>
/// </remarks>
/// <example>
/// <code>(Get-DrmmSiteSetting -SiteUid $siteUid).mailRecipients</code>
/// <para>Shows who gets mail about a site.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmSiteSetting | Where-Object { $_.proxySettings }</code>
/// <para>Finds the sites whose devices go through a proxy.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSiteSetting", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.SiteSetting")]
public sealed class GetDrmmSiteSettingCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the sites.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site)]
    public string?[]? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Of(input.Uid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope() => Each(nameof(SiteUid), SiteUid, Of);

    private static Call Of(string siteUid) => SiteSettings.Of(siteUid).With("siteUid", siteUid);
}
