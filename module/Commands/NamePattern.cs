using System;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>What picks objects by a name where the API cannot.</summary>
internal static class NamePattern
{
    /// <summary>Whether a field matches a wildcard pattern in upper or lower case; null wants all.</summary>
    internal static Func<PSObject, bool>? Like(string field, string? pattern)
    {
        if (pattern == null)
        {
            return null;
        }
        WildcardPattern wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        return item => wildcard.IsMatch(Text(item, field));
    }

    /// <summary>Whether a field is exactly this, in upper or lower case.</summary>
    internal static Func<PSObject, bool> Equal(string field, string name) =>
        item => string.Equals(Text(item, field), name, StringComparison.OrdinalIgnoreCase);

    private static string Text(PSObject item, string field) =>
        LanguagePrimitives.ConvertTo<string>(item.Properties[field]?.Value) ?? "";
}
