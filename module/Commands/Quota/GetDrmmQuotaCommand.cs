using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the account's request quota: asks the server, and says what this process has seen and used.</summary>
[Cmdlet(VerbsCommon.Get, "DrmmQuota")]
[OutputType(Type)]
public sealed class GetDrmmQuotaCommand : DrmmCommand
{
    private const string Type = "DattoRMM.Quota";

    /// <inheritdoc/>
    protected override Call Describe() =>
        Call.Get(null, "v2/system/request_rate").Yielding(connection => connection.Describe(Type));
}
