using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the sites of the account, those with a certain name, or the one of a device or an alert.</summary>
[Cmdlet(VerbsCommon.Get, "DrmmSite", DefaultParameterSetName = AccountSet)]
[OutputType("DattoRMM.Site")]
public sealed class GetDrmmSiteCommand : DrmmPipelineCommand
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
    public string? Name { get; set; }

    /// <summary>Leaves out the site that holds deleted devices.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    public SwitchParameter ExcludeDeleted { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Sites.One(input.Uid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope() => ParameterSetName switch
    {
        UidSet => Each(nameof(SiteUid), SiteUid, Sites.One),
        _ => [Sites.Named(Narrowing(nameof(Name), Name)).Where(ExcludeDeleted ? Sites.IsNotDeletedDevices : null)],
    };
}
