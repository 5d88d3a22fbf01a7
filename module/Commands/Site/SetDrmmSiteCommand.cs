using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Changes name, description, notes and modes of sites; what is not named is kept.</summary>
/// <remarks>
/// <para>
/// The API replaces all that can be set of a site, and makes null of what it is not told. So each site is read first,
/// and everything is sent: two requests a site. -Replace sends what is named and nothing else, in one request, as the
/// gallery module did; the description or the notes that are not named are gone then.
/// </para>
/// <para>
/// An empty -SiteDescription or -SiteNotes clears it; an empty -SiteName is refused. The proxy of a site is not
/// touched: see Set-DrmmSiteProxy. A device in the pipeline is refused: it does not speak for its whole site. What
/// comes out is the site as it is afterwards.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-DrmmSite -SiteUid $siteUid -SiteDescription 'Second floor'</code>
/// <para>Sets the description and keeps name, notes and modes.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'Test*' | Set-DrmmSite -OnDemand $true -WhatIf</code>
/// <para>Shows which sites would become sites of devices on demand; nothing is sent.</para>
/// </example>
/// <example>
/// <code>Set-DrmmSite $siteUid 'New name' -Replace</code>
/// <para>Sets the name; description and notes are gone.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmSite", SupportsShouldProcess = true, DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.Site")]
public sealed class SetDrmmSiteCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the sites.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site, Own = true)]
    public string?[]? SiteUid { get; set; }

    /// <summary>The name.</summary>
    [Parameter(Position = 1, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [Alias("Name")]
    [Text]
    public string? SiteName { get; set; }

    /// <summary>The description; an empty one clears it.</summary>
    [Parameter(Position = 2, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [Alias("Description")]
    [Text]
    public string? SiteDescription { get; set; }

    /// <summary>The notes; empty ones clear them.</summary>
    [Parameter(Position = 3, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [Alias("Notes")]
    [Text]
    public string? SiteNotes { get; set; }

    /// <summary>Whether its devices are on demand, not managed.</summary>
    [Parameter(Position = 4, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [Flag]
    public bool OnDemand { get; set; }

    /// <summary>Whether Splashtop is installed on its devices by itself.</summary>
    [Parameter]
    public SwitchParameter SplashtopAutoInstall { get; set; }

    /// <summary>Sends only what is named; the API makes null of the rest.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input)
    {
        string uid = input.OwnUid(Noun.Site);
        return [Change(uid, Named())];
    }

    private protected override IEnumerable<Call> DescribeScope()
    {
        Dictionary<string, object?> fields = Named();
        return Each(nameof(SiteUid), SiteUid, uid => Change(uid, fields));
    }

    private Call Change(string uid, Dictionary<string, object?> fields) =>
        Replace ? Sites.Replace(uid, fields) : Sites.Update(uid, fields);

    /// <summary>What is to be set.</summary>
    private Dictionary<string, object?> Named()
    {
        Dictionary<string, object?> fields = Given(
            (nameof(SiteName), "name", Narrowing(nameof(SiteName), SiteName)),
            (nameof(SiteDescription), "description", SiteDescription),
            (nameof(SiteNotes), "notes", SiteNotes),
            (nameof(OnDemand), "onDemand", OnDemand),
            (nameof(SplashtopAutoInstall), "splashtopAutoInstall", SplashtopAutoInstall));
        if (fields.Count == 0)
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NothingToChangeInSite);
        }
        return !Replace || fields.ContainsKey("name")
            ? fields
            : throw new DrmmException(ErrorKind.InvalidArgument, Messages.ReplaceNeedsName);
    }
}
