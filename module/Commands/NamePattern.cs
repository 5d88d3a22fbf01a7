using System;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>What picks objects by a name where the API cannot.</summary>
internal static class NamePattern
{
    /// <summary>Whether a field matches a wildcard pattern, or is it, in upper or lower case; null wants all.</summary>
    internal static Func<PSObject, bool>? Like(string field, string? pattern) =>
        Like(pattern, item => Text(item, field));

    /// <summary>Whether one of the texts of an object matches a wildcard pattern, or is it; null wants all.</summary>
    internal static Func<PSObject, bool>? Like(string? pattern, params Func<PSObject, string>[] texts)
    {
        if (pattern == null)
        {
            return null;
        }
        WildcardPattern wildcard = WildcardPattern.Get(
            pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        // A name such as «Reboot [WIN]» finds itself.
        return item => texts.Select(text => text(item)).Any(text =>
            wildcard.IsMatch(text) || string.Equals(text, pattern, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a field is exactly this, in upper or lower case.</summary>
    internal static Func<PSObject, bool> Equal(string field, string name) =>
        item => string.Equals(Text(item, field), name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A field as text, empty if it is missing.</summary>
    internal static string Text(PSObject item, string field) =>
        LanguagePrimitives.ConvertTo<string>(HiddenFields.Read(item, field)) ?? "";
}
