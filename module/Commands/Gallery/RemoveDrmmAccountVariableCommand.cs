using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Removes a variable of the account.</summary>
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
/// <code>Remove-DrmmAccountVariable $variableId</code>
/// <para>Removes a variable of the account.</para>
/// </example>
/// <example>
/// <code>Remove-DrmmAccountVariable -variableId $variableId -WhatIf</code>
/// <para>Says what would be removed.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "DrmmAccountVariable", SupportsShouldProcess = true)]
[OutputType("DattoRMM.Variable")]
public sealed class RemoveDrmmAccountVariableCommand : DrmmCommand
{
    /// <summary>The number of the variable.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [AccountVariable]
    public string? VariableId { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Variables.Delete(null, Required(nameof(VariableId), VariableId));
}
