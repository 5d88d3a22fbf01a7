using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Creates a variable of the account or of sites.</summary>
/// <remarks>
/// <para>
/// Without -SiteUid and without input the variable becomes the account's. Sites from the pipeline get one each. The API
/// answers with nothing, and so does this command; it refuses a name that is there already.
/// </para>
/// <para>
/// The value goes to the API and nowhere else: it is in no message, not even with -Verbose. A secure string keeps it
/// out of the history of the console too.
/// </para>
/// </remarks>
/// <example>
/// <code>New-DrmmVariable -Name LocalAdmin -Value $credential.Password -Masked</code>
/// <para>Creates a masked variable of the account whose value comes from a secure string.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'Acme*' | New-DrmmVariable -Name BackupTarget -Value srv-backup-02</code>
/// <para>Creates a variable in each of some sites.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "DrmmVariable", SupportsShouldProcess = true, DefaultParameterSetName = AccountSet)]
[OutputType(typeof(void))]
public sealed class NewDrmmVariableCommand : DrmmPipelineCommand
{
    private const string AccountSet = "Account";
    private const string SiteSet = "Site";

    /// <summary>The name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? Name { get; set; }

    /// <summary>The value, as text or as a secure string; it may be empty.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [Secret]
    public string? Value { get; set; }

    /// <summary>Hides the value from everybody who looks at the variable.</summary>
    [Parameter]
    public SwitchParameter Masked { get; set; }

    /// <summary>The uids of the sites whose variable it becomes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SiteSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site, Own = true)]
    public string?[]? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Of(input.OwnUid(Noun.Site))];

    private protected override IEnumerable<Call> DescribeScope() =>
        ParameterSetName == SiteSet ? Each(nameof(SiteUid), SiteUid, Of) : [Of(null)];

    private Call Of(string? siteUid) => Variables.Create(siteUid, Required(nameof(Name), Name), Value, Masked);
}
