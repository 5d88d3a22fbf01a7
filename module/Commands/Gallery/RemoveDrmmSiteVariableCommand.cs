using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Removes a variable of one site.</summary>
/// <remarks>
/// <para>
/// The API answers with nothing, and so does this command.
/// </para>
/// <para>
/// New scripts may prefer Remove-DrmmVariable, which finds a variable by its name and takes variables from the
/// pipeline.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSiteVariables $siteUid | Where-Object name -like 'old*' | ForEach-Object {
///     Remove-DrmmSiteVariable $siteUid $_.id
/// }</code>
/// <para>Removes the variables of a site whose names begin with «old».</para>
/// </example>
/// <example>
/// <code>foreach ($variable in Get-DrmmSiteVariables $siteUid) {
///     Remove-DrmmSiteVariable -siteUid $siteUid -variableId $variable.id -WhatIf
/// }</code>
/// <para>Says which variables would be removed.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "DrmmSiteVariable", SupportsShouldProcess = true)]
[OutputType("DattoRMM.Variable")]
public sealed class RemoveDrmmSiteVariableCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site, Own = true)]
    public string? SiteUid { get; set; }

    /// <summary>The number of the variable.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Variable)]
    public string? VariableId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Variables.Delete(Required(nameof(SiteUid), SiteUid), Required(nameof(VariableId), VariableId));
}
