using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the variables of one site.</summary>
/// <remarks>
/// <para>
/// All pages are read. The value of a masked variable comes masked. Variables of a site do not say which site they
/// are of; Get-DrmmVariable -SiteUid adds it, so that its output can be piped on to Set-DrmmVariable and
/// Remove-DrmmVariable.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteVariables $siteUid</code>
/// <para>Lists the variables of a site.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSiteVariables -siteUid $siteUid | Where-Object name -eq BackupServer</code>
/// <para>Gets one of them.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSiteVariables")]
[OutputType("DattoRMM.Variable")]
public sealed class GetDrmmSiteVariablesCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Variables.Of(Required(nameof(SiteUid), SiteUid));
}
