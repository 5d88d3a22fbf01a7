using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Users, as the commands that read them describe them.</summary>
internal static class Users
{
    /// <summary>All users of the account.</summary>
    internal static Call All => Call.Pages("DattoRMM.User", "users", "v2/account/users");

    /// <summary>Those whose login name or full name matches a wildcard pattern; null for all.</summary>
    internal static Call Named(string? pattern) =>
        All.Where(
            NamePattern.Like(pattern, user => NamePattern.Text(user, "username"), FullName),
            "username", "firstName", "lastName");

    private static string FullName(PSObject user) =>
        (NamePattern.Text(user, "firstName") + " " + NamePattern.Text(user, "lastName")).Trim();
}
