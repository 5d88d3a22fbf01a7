using System.Collections;

namespace DattoRMM.Completers;

/// <summary>Offers the names of the account's users.</summary>
public sealed class UserNameCompleter : NameCompleter
{
    private protected override NameList List(IDictionary parameters) => NameList.Users;
}
