using System.Collections;

namespace DattoRMM.Completers;

/// <summary>Offers the numbers of device filters, by their number or by their name.</summary>
public sealed class FilterIdCompleter : NameCompleter
{
    private protected override NameList List(IDictionary parameters) => NameList.Filters;

    private protected override string TextOf(NameEntry entry) => entry.Id;
}
