using System.Collections;

namespace DattoRMM.Completers;

/// <summary>Offers the names of the account's components.</summary>
public sealed class ComponentCompleter : NameCompleter
{
    private protected override NameList List(IDictionary parameters) => NameList.Components;
}
