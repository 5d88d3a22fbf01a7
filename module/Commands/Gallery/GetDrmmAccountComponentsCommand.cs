using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the components of the account.</summary>
/// <remarks>
/// <para>
/// All pages are read. Arguments and input that nobody asked for are ignored.
/// </para>
/// <para>
/// New scripts may prefer Get-DrmmComponent, which finds components by name or uid.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountComponents</code>
/// <para>Lists the components that jobs can run.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmAccountComponents | Where-Object uid -eq $componentUid).variables</code>
/// <para>Shows the variables of one component.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountComponents")]
[OutputType("DattoRMM.Component")]
public sealed class GetDrmmAccountComponentsCommand : PlainFunctionCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Components.All;
}
