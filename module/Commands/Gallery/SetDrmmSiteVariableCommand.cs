using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Changes the name and the value of a variable of one site.</summary>
/// <remarks>
/// <para>
/// The API answers with nothing, and so does this command. The value is never shown, not even with -Verbose.
/// </para>
/// <para>
/// New scripts may prefer Set-DrmmVariable, which finds a variable by its name and keeps what is not named.
/// </para>
/// </remarks>
/// <example>
/// <code>$variable = Get-DrmmSiteVariables $siteUid | Where-Object name -eq BackupTarget
/// if ($variable) { Set-DrmmSiteVariable $siteUid $variable.id BackupTarget 'srv-backup-03' }</code>
/// <para>Changes a variable if the site has it.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSiteVariables $siteUid | Where-Object name -like 'old*' | ForEach-Object {
///     Set-DrmmSiteVariable -siteUid $siteUid -variableId $_.id -name $_.name -value ''
/// }</code>
/// <para>Empties the variables whose names begin with «old».</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmSiteVariable", SupportsShouldProcess = true)]
[OutputType("DattoRMM.Variable")]
public sealed class SetDrmmSiteVariableCommand : DrmmCommand
{
    /// <summary>The uid of the site.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site, Own = true)]
    public string? SiteUid { get; set; }

    /// <summary>The number of the variable.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Variable)]
    public string? VariableId { get; set; }

    /// <summary>The name of the variable.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? Name { get; set; }

    /// <summary>The value, as text or as a secure string.</summary>
    [Parameter(Mandatory = true, Position = 3)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [Secret]
    public string? Value { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Variables.Update(
        Required(nameof(SiteUid), SiteUid),
        Required(nameof(VariableId), VariableId),
        Required(nameof(Name), Name),
        Value);
}
