using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Sites, as the commands that read and change them describe them.</summary>
internal static class Sites
{
    /// <summary>The site that the platform keeps deleted devices in.</summary>
    private const string DeletedDevices = "Deleted Devices";

    /// <summary>The field that holds a site's name.</summary>
    internal const string Name = "name";

    private const string Type = "DattoRMM.Site";

    /// <summary>What can be set of a site.</summary>
    private static readonly string[] s_settable =
        ["name", "description", "notes", "onDemand", "splashtopAutoInstall"];

    /// <summary>All sites of the account.</summary>
    internal static Call All => Call.Pages(Type, "sites", "v2/account/sites");

    /// <summary>The site with a uid.</summary>
    internal static Call One(string uid) => Call.Get(Type, "v2/site/{}", uid).For(uid);

    /// <summary>The sites with the networks of Datto Networking that belong to them.</summary>
    internal static Call Mappings =>
        Call.Pages("DattoRMM.SiteMapping", "dnetSiteMappings", "v2/account/dnet-site-mappings");

    /// <summary>Makes a site.</summary>
    internal static Call Create(string name, Dictionary<string, object?> fields) =>
        Call.Put(Type, "v2/site").Body(fields).For(name, Messages.SiteNamed(name), Messages.CreateSite);

    /// <summary>
    /// Sets what is in <paramref name="fields"/>. The API replaces, and makes null of what it is not told; so the site
    /// is read first, and all is sent.
    /// </summary>
    internal static Call Update(string uid, Dictionary<string, object?> fields) =>
        One(uid)
            .Then(found => Post(uid, Merge(found.FirstOrDefault(IsSite) ?? throw NotASite(uid), fields)))
            .Change(Messages.Site(uid), Messages.SetProperties(fields.Keys));

    /// <summary>Sets what is in <paramref name="fields"/>, and lets the API make null of all else.</summary>
    internal static Call Replace(string uid, Dictionary<string, object?> fields) =>
        Post(uid, fields).For(uid, Messages.Site(uid), Messages.ReplaceBy(fields.Keys));

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
        string literal = LongestLiteral(pattern);
        return All
            .Query("siteName", literal.Length == 0 ? null : literal)
            .Where(NamePattern.Like(Name, pattern), Name);
    }

    /// <summary>Whether a site is one that customers' devices are in.</summary>
    internal static bool IsNotDeletedDevices(PSObject site) =>
        !string.Equals(NameOf(site), DeletedDevices, StringComparison.OrdinalIgnoreCase);

    private static Call Post(string uid, Dictionary<string, object?> fields) =>
        Call.Post(Type, "v2/site/{}", uid).Body(fields);

    private static Dictionary<string, object?> Merge(PSObject site, Dictionary<string, object?> fields) =>
        s_settable.ToDictionary(
            name => name,
            name => fields.TryGetValue(name, out object? value) ? value : site.Properties[name]?.Value);

    /// <summary>Whether an answer is one. All that is missing of something else would be deleted.</summary>
    private static bool IsSite(PSObject answer) => NameOf(answer).Length > 0;

    private static DrmmException NotASite(string uid) => new(ErrorKind.Malformed, Messages.NotASite(uid));

    private static string NameOf(PSObject site) => NamePattern.Text(site, Name);

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
