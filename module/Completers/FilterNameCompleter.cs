using System.Collections;

namespace DattoRMM.Completers;

/// <summary>Offers the names of device filters.</summary>
public sealed class FilterNameCompleter : NameCompleter
{
    private protected override NameList List(IDictionary parameters) => NameList.Filters;
}
