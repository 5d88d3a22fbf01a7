using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the account's request quota: what the server allows, and what this process and others use.</summary>
/// <remarks>
/// <para>Asks the server for the account's limits and counts, and gives an object for each bucket of the quota: one for
/// all requests, or one for reads, one for writes and one for each write operation that has a limit of its own. Which
/// buckets there are depends on the account.</para>
/// <para>limit is what the server allows in a window of windowSeconds, allowed what this module allows itself (the
/// server slows down beyond the share cutOffRatio). used counts what this process has sent, usedByOthers what others
/// were last seen to send, waiting the requests that wait for their turn.</para>
/// <para>Where the server does not tell its quota to this key, there is a warning, and the objects say what this
/// process knows.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmQuota</code>
/// <para>Shows every bucket.</para>
/// </example>
/// <example>
/// <code>Get-DrmmQuota | Where-Object remaining -lt 100</code>
/// <para>Shows the buckets that are nearly used up.</para>
/// </example>
/// <seealso href="about_DattoRMM_Quota"/>
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
            Narrowing(nameof(Bucket), Bucket) ?? "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
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
