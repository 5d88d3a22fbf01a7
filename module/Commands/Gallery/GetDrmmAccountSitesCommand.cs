using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the sites of the account.</summary>
/// <remarks>
/// <para>For scripts of the gallery module; Get-DrmmSite does the same and more.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountSites -noDeletedDevices</code>
/// <para>Gets all sites but the one that holds deleted devices.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAccountSites | Where-Object -Property onDemand -Like 'False'</code>
/// <para>Gets the sites of managed devices.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountSites")]
[OutputType("DattoRMM.Site")]
public sealed class GetDrmmAccountSitesCommand : DrmmCommand
{
    /// <summary>Leaves out the site that holds deleted devices.</summary>
    [Parameter]
    public SwitchParameter NoDeletedDevices { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Sites.All.Where(NoDeletedDevices ? Sites.IsNotDeletedDevices : null);
}
