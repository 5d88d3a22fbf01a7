using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Gets the account's request quota, an object for each of its buckets: asks the server, and says what this process has
/// seen and used.
/// </summary>
[Cmdlet(VerbsCommon.Get, "DrmmQuota")]
[OutputType(Type)]
public sealed class GetDrmmQuotaCommand : DrmmCommand
{
    private const string Type = "DattoRMM.Quota";

    /// <summary>The name of a bucket, which may hold wildcards: <c>read</c>, <c>write</c>, or an operation's.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Text]
    public string? Bucket { get; set; }

    /// <inheritdoc/>
    protected override Call Describe()
    {
        WildcardPattern wanted = WildcardPattern.Get(
            Narrowing(nameof(Bucket), Bucket) ?? "*", WildcardOptions.IgnoreCase);
        return Call.Get(null, "v2/system/request_rate")
            .Excusing(Warning)
            .Yielding(connection => Quotas
                .Of(connection.Describe(), Type)
                .Where(quota => wanted.IsMatch((string)quota.Properties["bucket"].Value)));
    }

    /// <summary>Why the server does not say more; what this process knows is of use all the same.</summary>
    private static string? Warning(DrmmException fault) => fault.Kind switch
    {
        ErrorKind.Forbidden or ErrorKind.NotFound => Messages.QuotaNotTold,
        ErrorKind.Blocked => fault.Message,
        _ => null,
    };
}
