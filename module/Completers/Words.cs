using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace DattoRMM.Completers;

/// <summary>What completers share.</summary>
internal static class Words
{
    /// <summary>The words that begin with what was typed, in whatever case and quotes.</summary>
    internal static IEnumerable<CompletionResult> Starting(string? typed, IEnumerable<string> words)
    {
        string start = (typed ?? "").Trim('\'', '"');
        return words
            .Where(word => word.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(word => new CompletionResult(word));
    }
}
