using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the variables of the account.</summary>
/// <remarks>
/// <para>
/// All pages are read. The value of a masked variable comes masked. Arguments and input that nobody asked for are
/// ignored.
/// </para>
/// <para>
/// New scripts may prefer Get-DrmmVariable, which finds variables by name and gets those of sites too.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountVariables</code>
/// <para>Lists the variables of the account.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAccountVariables | Where-Object name -eq BackupServer</code>
/// <para>Gets one of them.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountVariables")]
[OutputType("DattoRMM.Variable")]
public sealed class GetDrmmAccountVariablesCommand : PlainFunctionCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Variables.Of(null);
}
