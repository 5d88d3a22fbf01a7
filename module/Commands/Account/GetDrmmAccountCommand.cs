using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Commands.Gallery;

namespace DattoRMM.Commands;

/// <summary>Gets the account that the API key belongs to.</summary>
[Cmdlet(VerbsCommon.Get, "DrmmAccount")]
[OutputType("DattoRMM.Account")]
public sealed class GetDrmmAccountCommand : PlainFunctionCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Call.Get("DattoRMM.Account", "v2/account");
}
