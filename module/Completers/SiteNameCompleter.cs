using System.Collections;

namespace DattoRMM.Completers;

/// <summary>Offers the names of the account's sites.</summary>
public sealed class SiteNameCompleter : NameCompleter
{
    private protected override NameList List(IDictionary parameters) => NameList.Sites;
}
