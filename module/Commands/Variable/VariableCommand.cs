using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>
/// The base of commands that change variables which are there: by number, by name, or from the pipeline, where a site
/// stands for its variable of a name.
/// </summary>
public abstract class VariableCommand : DrmmPipelineCommand
{
    private protected const string IdSet = "Id";
    private const string NameSet = "Name";

    /// <summary>The numbers of the variables.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [AccountVariable]
    public string?[]? VariableId { get; set; }

    /// <summary>
    /// The name of the variable, as a whole and without wildcards; its number is looked up. With sites from the
    /// pipeline it is that of the variable of each.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [ArgumentCompleter(typeof(VariableNameCompleter))]
    public string? Name { get; set; }

    /// <summary>
    /// The uid of the site whose variable it is; without it, it is the account's. A piped variable of a site says so
    /// itself if it comes from Get-DrmmVariable.
    /// </summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site, Own = true)]
    public string? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Variable;

    /// <summary>Describes what becomes of the variable with a number.</summary>
    /// <param name="siteUid">The site whose it is, or null for the account.</param>
    /// <param name="id">The number.</param>
    /// <param name="known">The variable as it was piped in, or null.</param>
    private protected abstract Call DescribeOne(string? siteUid, string id, PSObject? known);

    /// <summary>Describes what becomes of the variable with a name, which has to be looked up.</summary>
    private protected abstract Call DescribeNamed(string? siteUid, string name);

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [input.Noun == Noun.Variable ? DescribeVariable(input) : DescribeOfSite(input.OwnUid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope()
    {
        string? siteUid = Narrowing(nameof(SiteUid), SiteUid);
        return ParameterSetName == NameSet
            ? [DescribeNamed(siteUid, Required(nameof(Name), Name))]
            : Each(nameof(VariableId), VariableId, id => DescribeOne(siteUid, id, known: null));
    }

    private Call DescribeVariable(Input input)
    {
        string? siteUid = Narrowing(nameof(SiteUid), SiteUid);
        if (IsBound(nameof(Name)))
        {
            throw Refuse(Messages.NameOfVariable);
        }
        if (input.Mentions(Noun.Site))
        {
            // What stands there counts, even nothing: a site's variable must not be taken for the account's.
            string own = input.Uid(Noun.Site);
            siteUid = siteUid == null || siteUid == own ? own : throw Refuse(Messages.OtherSite);
        }
        return DescribeOne(siteUid, input.Uid(Noun.Variable), InputObject as PSObject);
    }

    private Call DescribeOfSite(string siteUid) =>
        IsBound(nameof(SiteUid)) && Required(nameof(SiteUid), SiteUid) != siteUid
            ? throw Refuse(Messages.OtherSite)
            : DescribeNamed(siteUid, Required(nameof(Name), Name));

    private DrmmException Refuse(string message) =>
        new(ErrorKind.InvalidArgument, message) { Target = InputObject };
}
