using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the sites of the account with the networks of Datto Networking that belong to them.</summary>
/// <remarks>
/// <para>
/// Each site has its dattoNetworkingNetworkIds, a list of numbers that is empty where no network is mapped. The objects
/// can be piped into commands that take sites.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteMapping | Where-Object { $_.dattoNetworkingNetworkIds }</code>
/// <para>Finds the sites that have a network.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSiteMapping | Where-Object name -Like 'A*' | Get-DrmmDevice</code>
/// <para>Gets the devices of some of these sites.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSiteMapping")]
[OutputType("DattoRMM.SiteMapping")]
public sealed class GetDrmmSiteMappingCommand : DrmmCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Sites.Mappings;
}
