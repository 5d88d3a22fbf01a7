using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Gets the sites of the account, those with a certain name, or the one of a device or an alert.</summary>
/// <remarks>
/// <para>
/// -Name may hold wildcards and is compared with the whole name, in any case; the service is asked for the longest part
/// without wildcards, so that few sites travel. -ExcludeDeleted leaves out the site that the platform keeps deleted
/// devices in.
/// </para>
/// <para>
/// Single sites come by uid, several side by side and in the order asked for. From the pipeline come sites (read
/// again), devices and alerts (the site that they belong to), or uids as text.
/// </para>
/// <para>
/// A site tells in devicesStatus how many devices it has and how many of them are online, and in proxySettings its
/// proxy.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSite -ExcludeDeleted | Where-Object onDemand -EQ $false</code>
/// <para>Gets the sites of managed devices.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'A*' | Get-DrmmDevice | Get-DrmmAlert</code>
/// <para>Gets the open alerts of all devices of some sites.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice $deviceUid | Get-DrmmSite</code>
/// <para>Gets the site that a device is in.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Property name, devicesStatus.numberOfDevices</code>
/// <para>Says how many devices each site has. Sites of a few properties can be piped on as whole ones can.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSite", DefaultParameterSetName = AccountSet)]
[OutputType("DattoRMM.Site")]
public sealed class GetDrmmSiteCommand : DrmmPipelineListCommand
{
    private const string AccountSet = "Account";
    private const string UidSet = "Uid";

    /// <summary>The uids of single sites.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site)]
    public string?[]? SiteUid { get; set; }

    /// <summary>The name, which may hold wildcards.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [SupportsWildcards]
    [Text]
    [ArgumentCompleter(typeof(SiteNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Leaves out the site that holds deleted devices.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    public SwitchParameter ExcludeDeleted { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Sites.One(input.Uid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope() => ParameterSetName switch
    {
        UidSet => Each(nameof(SiteUid), SiteUid, Sites.One),
        _ => [Sites.Named(Narrowing(nameof(Name), Name))
            .Where(ExcludeDeleted ? Sites.IsNotDeletedDevices : null, Sites.Name)],
    };
}
