using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Removes the proxy from the settings of sites.</summary>
/// <remarks>
/// <para>
/// The devices of these sites then reach the service without a proxy. A site that has none is no error. What comes out
/// is what the service answers, which as a rule is nothing.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-DrmmSiteProxy -SiteUid $siteUid</code>
/// <para>Removes the proxy of one site.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Where-Object { $_.proxySettings } | Remove-DrmmSiteProxy -WhatIf</code>
/// <para>Shows which sites would lose their proxy; nothing is sent.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "DrmmSiteProxy", SupportsShouldProcess = true, DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.SiteSetting")]
public sealed class RemoveDrmmSiteProxyCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the sites.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site, Own = true)]
    public string?[]? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [SiteSettings.RemoveProxy(input.OwnUid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope() =>
        Each(nameof(SiteUid), SiteUid, SiteSettings.RemoveProxy);
}
