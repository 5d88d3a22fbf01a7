using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Commands.Gallery;

namespace DattoRMM.Commands;

/// <summary>Gets the account that the API key belongs to.</summary>
/// <remarks>
/// <para>The object holds the account's name, uid, currency, time zone and device limit (in descriptor), and how many
/// devices it has and how many are online (in devicesStatus).</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAccount</code>
/// <para>Shows the account, and so whether the connection works.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmAccount).devicesStatus.numberOfDevices</code>
/// <para>Gives the number of devices without reading them.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAccount")]
[OutputType("DattoRMM.Account")]
public sealed class GetDrmmAccountCommand : PlainFunctionCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Call.Get("DattoRMM.Account", "v2/account");
}
