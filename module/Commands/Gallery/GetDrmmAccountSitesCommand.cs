using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the sites of the account.</summary>
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
