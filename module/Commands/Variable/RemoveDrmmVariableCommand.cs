using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Removes variables of the account or of sites.</summary>
/// <remarks>
/// <para>
/// With -Name the list of variables is read first, to find the number. Variables from the pipeline know theirs. Without
/// -SiteUid, and if a piped variable does not name a site, it is a variable of the account that is removed.
/// </para>
/// <para>The API answers with nothing, and so does this command.</para>
/// <para>
/// The gallery module's Get-DrmmSiteVariables gives variables that do not name their site: say it with -SiteUid.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmVariable -Name 'old*' | Remove-DrmmVariable -WhatIf</code>
/// <para>Says which variables of the account would be removed.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmVariable -Name BackupTarget | Remove-DrmmVariable</code>
/// <para>Removes a variable from all sites that have it.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "DrmmVariable", SupportsShouldProcess = true, DefaultParameterSetName = IdSet)]
[OutputType(typeof(void))]
public sealed class RemoveDrmmVariableCommand : VariableCommand
{
    private protected override Call DescribeOne(string? siteUid, string id, PSObject? known) =>
        Variables.Delete(siteUid, id, Variables.NameOf(known));

    private protected override Call DescribeNamed(string? siteUid, string name) =>
        Variables.Of(siteUid)
            .Then(all => Variables.Delete(siteUid, Variables.IdOf(Variables.Named(all, siteUid, name)), name))
            .For(name)
            .Change(Messages.Variable(name, siteUid), Messages.RemoveVariable);
}
