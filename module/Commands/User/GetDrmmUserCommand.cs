using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Gets the users of the account.</summary>
/// <remarks>
/// <para>
/// The API has one list of users, which is read page by page; names and addresses are compared here. The fields created
/// and lastAccess are Unix milliseconds; GetTime('lastAccess') gives them as local time.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmUser -Email '*@example.com' | Where-Object disabled -eq $false</code>
/// <para>Gets the active users of one mail domain.</para>
/// </example>
/// <example>
/// <code>Get-DrmmUser | Where-Object { $_.GetTime('lastAccess') -lt [datetime]::Now.AddDays(-90) }</code>
/// <para>Gets those who have not logged in for ninety days, or never.</para>
/// </example>
/// <example>
/// <code>Get-DrmmUser -Property email, lastAccess | Export-Csv users.csv -NoTypeInformation -Encoding UTF8</code>
/// <para>Writes two fields of each user into a file.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmUser")]
[OutputType("DattoRMM.User")]
public sealed class GetDrmmUserCommand : DrmmListCommand
{
    /// <summary>The name with which the user logs in, or first and last name; it may hold wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Text]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public string? Name { get; set; }

    /// <summary>The mail address, which may hold wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [Text]
    public string? Email { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Users.Named(Narrowing(nameof(Name), Name))
            .Where(NamePattern.Like("email", Narrowing(nameof(Email), Email)), "email");
}
