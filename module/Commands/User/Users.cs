using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Users, as the commands that read them describe them.</summary>
internal static class Users
{
    /// <summary>All users of the account.</summary>
    internal static Call All => Call.Pages("DattoRMM.User", "users", "v2/account/users");
}
