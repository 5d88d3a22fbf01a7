using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the users of the account.</summary>
/// <remarks>
/// <para>
/// All pages are read. Times are Unix milliseconds. Arguments and input that nobody asked for are ignored.
/// </para>
/// <para>
/// New scripts may prefer Get-DrmmUser, which finds users by name or address.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccountUsers</code>
/// <para>Lists the users.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAccountUsers | Where-Object disabled -eq $true</code>
/// <para>Lists those who may not log in.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccountUsers")]
[OutputType("DattoRMM.User")]
public sealed class GetDrmmAccountUsersCommand : PlainFunctionCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Users.All;
}
