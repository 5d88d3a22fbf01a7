using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Gets device filters: those of the platform, the account's own, or those of sites.</summary>
/// <remarks>
/// <para>
/// Without -Default and -Custom both lists come, first the platform's. Filters of a site come for -SiteUid or for sites
/// from the pipeline. Lists are read page by page; names are compared here.
/// </para>
/// <para>The number of a filter, its id, goes with the -FilterId of Get-DrmmDevice.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmFilter -Custom -Name 'Server*' | ForEach-Object { Get-DrmmDevice -FilterId $_.id }</code>
/// <para>Gets the devices that the account's own filters about servers pick.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'Acme*' | Get-DrmmFilter</code>
/// <para>Gets the filters of some sites.</para>
/// </example>
/// <example>
/// <code>Get-DrmmFilter -Property id, name</code>
/// <para>Lists the filters in two columns.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmFilter", DefaultParameterSetName = AccountSet)]
[OutputType("DattoRMM.Filter")]
public sealed class GetDrmmFilterCommand : DrmmPipelineListCommand
{
    private const string AccountSet = "Account";
    private const string SiteSet = "Site";

    /// <summary>The name, which may hold wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Text]
    [ArgumentCompleter(typeof(FilterNameCompleter))]
    public string? Name { get; set; }

    /// <summary>The filters that the platform brings.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    public SwitchParameter Default { get; set; }

    /// <summary>The account's own filters.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    public SwitchParameter Custom { get; set; }

    /// <summary>The uid of the site whose filters to get.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SiteSet)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        Named([Filters.OfSite(input.Uid(Noun.Site))]);

    private protected override IEnumerable<Call> DescribeScope() =>
        Named(ParameterSetName == SiteSet
            ? [Filters.OfSite(Required(nameof(SiteUid), SiteUid))]
            : OfAccount());

    private IEnumerable<Call> OfAccount()
    {
        bool both = Default == Custom;
        if (both || Default)
        {
            yield return Filters.Default;
        }
        if (both || Custom)
        {
            yield return Filters.Custom;
        }
    }

    private IEnumerable<Call> Named(IEnumerable<Call> lists)
    {
        string? name = Narrowing(nameof(Name), Name);
        return lists.Select(list => list.Where(NamePattern.Like("name", name), "name"));
    }
}
