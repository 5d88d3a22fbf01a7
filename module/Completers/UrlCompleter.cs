using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using DattoRMM.Client;

namespace DattoRMM.Completers;

/// <summary>Offers the URLs of Datto's platforms; any other may be typed.</summary>
public sealed class UrlCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        Words.Starting(wordToComplete, Platform.Urls);
}
