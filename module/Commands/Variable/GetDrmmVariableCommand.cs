using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Gets the variables of the account or of sites.</summary>
/// <remarks>
/// <para>
/// Lists are read page by page; names are compared here. The value of a masked variable comes masked: the API never
/// tells it.
/// </para>
/// <para>
/// The last property of a site's variable, siteUid, says which site it is of, so that it can be piped to
/// Set-DrmmVariable and Remove-DrmmVariable. A variable without it is the account's.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmVariable -Name 'Backup*'</code>
/// <para>Finds variables of the account by the beginning of their names.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmVariable -Name BackupTarget | ForEach-Object { "$($_.siteUid): $($_.value)" }</code>
/// <para>Compares one variable over all sites that have it.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmVariable -Property name, masked, siteUid</code>
/// <para>Lists the names of all sites' variables, without their values.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmVariable", DefaultParameterSetName = AccountSet)]
[OutputType("DattoRMM.Variable")]
public sealed class GetDrmmVariableCommand : DrmmPipelineListCommand
{
    private const string AccountSet = "Account";
    private const string SiteSet = "Site";

    /// <summary>The name, which may hold wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Text]
    [ArgumentCompleter(typeof(VariableNameCompleter))]
    public string? Name { get; set; }

    /// <summary>The uids of the sites whose variables to get.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SiteSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site)]
    public string?[]? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [OfSite(input.Uid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope() =>
        ParameterSetName == SiteSet ? Each(nameof(SiteUid), SiteUid, OfSite) : [Of(null)];

    private Call OfSite(string uid) => Of(uid).With("siteUid", uid);

    private Call Of(string? siteUid) =>
        Variables.Of(siteUid).Where(NamePattern.Like("name", Narrowing(nameof(Name), Name)), "name");
}
