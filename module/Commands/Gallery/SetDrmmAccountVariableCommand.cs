using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Changes the name and the value of a variable of the account.</summary>
/// <remarks>
/// <para>
/// The API answers with nothing, and so does this command. The value is never shown, not even with -Verbose.
/// </para>
/// <para>
/// New scripts may prefer Set-DrmmVariable, which finds a variable by its name and keeps what is not named.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-DrmmAccountVariable $variableId BackupTarget 'srv-backup-03'</code>
/// <para>Gives a variable a name and a value.</para>
/// </example>
/// <example>
/// <code>Set-DrmmAccountVariable -variableId $variableId -name LocalAdmin -value $credential.Password</code>
/// <para>Takes the value from a secure string.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmAccountVariable", SupportsShouldProcess = true)]
[OutputType("DattoRMM.Variable")]
public sealed class SetDrmmAccountVariableCommand : DrmmCommand
{
    /// <summary>The number of the variable.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [AccountVariable]
    public string? VariableId { get; set; }

    /// <summary>The name of the variable.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? Name { get; set; }

    /// <summary>The value, as text or as a secure string.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [Secret]
    public string? Value { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Variables.Update(null, Required(nameof(VariableId), VariableId), Required(nameof(Name), Name), Value);
}
