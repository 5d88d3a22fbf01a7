using System;
using System.Management.Automation;
using System.Text;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Sites, as the commands that read them describe them.</summary>
internal static class Sites
{
    /// <summary>The site that the platform keeps deleted devices in.</summary>
    private const string DeletedDevices = "Deleted Devices";

    private const string Type = "DattoRMM.Site";

    /// <summary>All sites of the account.</summary>
    internal static Call All => Call.Pages(Type, "sites", "v2/account/sites");

    /// <summary>The site with a uid.</summary>
    internal static Call One(string uid) => Call.Get(Type, "v2/site/{}", uid).For(uid);

    /// <summary>
    /// The sites whose name matches a wildcard pattern; null for all. The server knows «contains» only, so it is asked
    /// for the longest literal part, and the pattern decides here.
    /// </summary>
    internal static Call Named(string? pattern)
    {
        if (pattern == null)
        {
            return All;
        }
        WildcardPattern wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        string literal = LongestLiteral(pattern);
        return All
            .Query("siteName", literal.Length == 0 ? null : literal)
            .Where(site => wildcard.IsMatch(NameOf(site)));
    }

    /// <summary>Whether a site is one that customers' devices are in.</summary>
    internal static bool IsNotDeletedDevices(PSObject site) =>
        !string.Equals(NameOf(site), DeletedDevices, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(PSObject site) =>
        LanguagePrimitives.ConvertTo<string>(site.Properties["name"]?.Value) ?? "";

    private static string LongestLiteral(string pattern)
    {
        string longest = "";
        StringBuilder part = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '`' when i + 1 < pattern.Length:
                    part.Append(pattern[++i]);
                    continue;
                case '[':
                    int end = pattern.IndexOf(']', i);
                    i = end < 0 ? pattern.Length : end;
                    break;
                case '*' or '?':
                    break;
                default:
                    part.Append(pattern[i]);
                    continue;
            }
            End();
        }
        End();
        return longest;

        void End()
        {
            // What the server does with white space at the edges is not known; without it more matches, never less.
            string literal = part.ToString().Trim();
            longest = literal.Length > longest.Length ? literal : longest;
            part.Clear();
        }
    }
}
