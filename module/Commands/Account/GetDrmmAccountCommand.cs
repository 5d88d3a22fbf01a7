using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the account that the API key belongs to.</summary>
[Cmdlet(VerbsCommon.Get, "DrmmAccount")]
[OutputType("DattoRMM.Account")]
public sealed class GetDrmmAccountCommand : DrmmCommand
{
    /// <summary>Ignored, as by the plain function that this command replaces.</summary>
    [Parameter(DontShow = true, ValueFromRemainingArguments = true)]
    public object? StrayArguments { get; set; }

    /// <summary>Ignored, as by the plain function that this command replaces.</summary>
    [Parameter(DontShow = true, ValueFromPipeline = true)]
    public object? StrayInput { get; set; }

    private protected override bool IgnoresInput => true;

    /// <inheritdoc/>
    protected override Call Describe() => Call.Get("DattoRMM.Account", "v2/account");
}
