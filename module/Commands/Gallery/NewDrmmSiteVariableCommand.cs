using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Creates a variable of one site.</summary>
/// <remarks>
/// <para>
/// The API answers with nothing, and so does this command. The value is never shown, not even with -Verbose.
/// </para>
/// <para>
/// New scripts may prefer New-DrmmVariable -SiteUid.
/// </para>
/// </remarks>
/// <example>
/// <code>New-DrmmSiteVariable $siteUid BackupTarget 'srv-backup-02'</code>
/// <para>Creates a variable of one site.</para>
/// </example>
/// <example>
/// <code>New-DrmmSiteVariable -siteUid $siteUid -name LocalAdmin -value $credential.Password -masked</code>
/// <para>Creates a masked variable whose value comes from a secure string.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "DrmmSiteVariable", SupportsShouldProcess = true)]
[OutputType("DattoRMM.Variable")]
public sealed class NewDrmmSiteVariableCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site, Own = true)]
    public string? SiteUid { get; set; }

    /// <summary>The name of the variable.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? Name { get; set; }

    /// <summary>The value, as text or as a secure string.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [Secret]
    public string? Value { get; set; }

    /// <summary>Hides the value from everybody who looks at the variable.</summary>
    [Parameter]
    public SwitchParameter Masked { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Variables.Create(Required(nameof(SiteUid), SiteUid), Required(nameof(Name), Name), Value, Masked);
}
