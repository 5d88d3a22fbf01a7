using System.Collections;
using System.Management.Automation;

namespace DattoRMM.Tests.Fixtures;

/// <summary>All that an error record says, to whoever looks at any part of it or puts it into a file.</summary>
public static class ErrorText
{
    // What Export-Clixml and jobs write. A level more is the engine's description of every command.
    private const int Depth = 1;

    /// <summary>
    /// Every text of a record, and itself as CLIXML. What it is about is looked into only if it is no object: an object
    /// is the user's own, who gave it.
    /// </summary>
    public static string Of(ErrorRecord error)
    {
        InvocationInfo? invocation = error.InvocationInfo;
        object? target = error.TargetObject is PSObject wrapper ? wrapper.BaseObject : error.TargetObject;
        List<object?> parts =
        [
            error, error.FullyQualifiedErrorId, error.ScriptStackTrace,
            error.ErrorDetails, error.ErrorDetails?.Message, error.ErrorDetails?.RecommendedAction,
            error.CategoryInfo, error.CategoryInfo.GetMessage(), error.CategoryInfo.Activity,
            error.CategoryInfo.Reason, error.CategoryInfo.TargetName, error.CategoryInfo.TargetType,
            invocation?.Line, invocation?.PositionMessage, invocation?.InvocationName,
            .. invocation?.BoundParameters.Values ?? (IEnumerable<object>)[],
            .. invocation?.UnboundArguments ?? [],
        ];
        for (Exception? fault = error.Exception; fault != null; fault = fault.InnerException)
        {
            parts.AddRange([fault, fault.Message, fault.HelpLink, PSSerializer.Serialize(fault, Depth)]);
            parts.AddRange(fault.Data.Cast<DictionaryEntry>().SelectMany(pair => new[] { pair.Key, pair.Value }));
        }
        if (target is not (PSCustomObject or IDictionary))
        {
            parts.AddRange([target, PSSerializer.Serialize(error, Depth)]);
        }
        return string.Join('\n', parts);
    }
}
