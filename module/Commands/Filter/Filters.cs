using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Device filters, as the commands that read them describe them.</summary>
internal static class Filters
{
    private const string Type = "DattoRMM.Filter";
    private const string Items = "filters";

    /// <summary>Those that the platform brings.</summary>
    internal static Call Default => Call.Pages(Type, Items, "v2/filter/default-filters");

    /// <summary>The account's own.</summary>
    internal static Call Custom => Call.Pages(Type, Items, "v2/filter/custom-filters");

    /// <summary>Those of a site.</summary>
    internal static Call OfSite(string uid) => Call.Pages(Type, Items, "v2/site/{}/filters", uid).For(uid);
}
