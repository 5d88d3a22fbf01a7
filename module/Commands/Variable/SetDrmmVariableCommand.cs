using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Changes the value or the name of variables of the account or of sites.</summary>
/// <remarks>
/// <para>
/// The API replaces name and value together. What is not given is kept: where it is not known, the list of variables is
/// read first. The value of a masked variable is never told, so that a masked variable cannot be renamed without its
/// value.
/// </para>
/// <para>
/// Without -SiteUid, and if a piped variable does not name a site, it is a variable of the account that is changed. The
/// API answers with nothing, and so does this command. The value goes to the API and nowhere else: it is in no message,
/// not even with -Verbose.
/// </para>
/// <para>
/// The gallery module's Get-DrmmSiteVariables gives variables that do not name their site: say it with -SiteUid.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-DrmmVariable $variableId -Value 'srv-backup-03'</code>
/// <para>Gives a variable of the account another value.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmVariable -Name LocalAdmin | Set-DrmmVariable -Value $credential.Password</code>
/// <para>Changes a password in all sites that have the variable.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmVariable", SupportsShouldProcess = true, DefaultParameterSetName = IdSet)]
[OutputType(typeof(void))]
public sealed class SetDrmmVariableCommand : VariableCommand
{
    /// <summary>The new value, as text or as a secure string; it may be empty. Without it the value is kept.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [Secret]
    public string? Value { get; set; }

    /// <summary>The new name. Without it the name is kept.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? NewName { get; set; }

    private protected override Call DescribeOne(string? siteUid, string id, PSObject? known) =>
        IsBound(nameof(Value)) && (NewNameOrNull() ?? Variables.NameOf(known)) is { } name
            ? Variables.Update(siteUid, id, name, Value)
            : Looked(siteUid, id, all => Variables.Numbered(all, siteUid, id));

    private protected override Call DescribeNamed(string? siteUid, string name) =>
        Looked(siteUid, name, all => Variables.Named(all, siteUid, name));

    /// <summary>Keeps of the variable that <paramref name="find"/> finds what is not to be changed.</summary>
    private Call Looked(string? siteUid, string subject, Variables.Find find)
    {
        string? newName = NewNameOrNull();
        if (newName == null && !IsBound(nameof(Value)))
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NothingToChangeInVariable);
        }
        if (IsBound(nameof(Value)))
        {
            Variables.Told(Value);
        }
        return Variables.Of(siteUid)
            .Then(all =>
            {
                PSObject found = find(all);
                return Variables.Update(
                    siteUid,
                    Variables.IdOf(found),
                    newName ?? Variables.NameOf(found) ?? "",
                    IsBound(nameof(Value)) ? Value : Variables.ValueOf(found));
            })
            .For(subject)
            .Change(Messages.Variable(subject, siteUid), Messages.ChangeVariable);
    }

    private string? NewNameOrNull() => Narrowing(nameof(NewName), NewName);
}
