using System;
using System.Linq;

namespace DattoRMM.Commands;

/// <summary>Which field of a page holds its items: the API names it after the list, with these exceptions.</summary>
internal static class ItemsField
{
    /// <summary>The field for a path such as <c>v2/account/alerts/open?muted=true</c>.</summary>
    internal static string Of(string path)
    {
        string[] segments = path.Split('?')[0].Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        string last = segments.LastOrDefault() ?? "";
        return last switch
        {
            "open" or "resolved" => "alerts",
            "custom-filters" or "default-filters" => "filters",
            "network-interface" => "devices",
            "dnet-site-mappings" => "dnetSiteMappings",
            "activity-logs" => "activities",
            "components" when segments.Contains("job") => "jobComponents",
            _ => last,
        };
    }
}
