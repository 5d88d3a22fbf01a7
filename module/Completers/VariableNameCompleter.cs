using System.Collections;
using System.Management.Automation;

namespace DattoRMM.Completers;

/// <summary>Offers the names of variables: those of the site that the command line names, else the account's.</summary>
public sealed class VariableNameCompleter : NameCompleter
{
    private protected override NameList List(IDictionary parameters)
    {
        object? site = parameters["SiteUid"];
        return (site is PSObject wrapper ? wrapper.BaseObject : site) is string { Length: > 0 } uid
            ? NameList.VariablesOf(uid)
            : NameList.Variables;
    }
}
