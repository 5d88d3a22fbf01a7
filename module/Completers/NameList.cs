using System;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Completers;

/// <summary>Something to choose from: what it is called, what it is known by, and what may be said of it.</summary>
internal sealed class NameEntry
{
    internal NameEntry(string name, string id, string detail)
    {
        Name = name;
        Id = id;
        Detail = detail;
    }

    internal string Name { get; }

    internal string Id { get; }

    /// <summary>More than the name, for a tooltip.</summary>
    internal string Detail { get; }
}

/// <summary>A list of the API whose items have names, page by page.</summary>
internal sealed class NameList
{
    private const int PageSize = 250;

    private readonly (string Path, string[] Arguments)[] _parts;
    private readonly string _items;
    private readonly string _name;
    private readonly string _id;
    private readonly string _detail;

    private NameList(
        string items, string name, string id, string detail, params (string Path, string[] Arguments)[] parts)
    {
        _items = items;
        _name = name;
        _id = id;
        _detail = detail;
        _parts = parts;
    }

    internal static NameList Sites { get; } =
        new("sites", "name", "uid", "description", ("v2/account/sites", [])) { Narrowing = "siteName" };

    /// <summary>The account's own filters, which are looked for more often, and those of the platform.</summary>
    internal static NameList Filters { get; } = new(
        "filters", "name", "id", "description", ("v2/filter/custom-filters", []), ("v2/filter/default-filters", []));

    internal static NameList Components { get; } =
        new("components", "name", "uid", "description", ("v2/account/components", []));

    internal static NameList Users { get; } = new("users", "username", "username", "email", ("v2/account/users", []));

    internal static NameList Variables { get; } =
        new("variables", "name", "id", "name", ("v2/account/variables", []));

    /// <summary>
    /// The query parameter by which the server gives only items whose name holds a text; null for none.
    /// </summary>
    internal string? Narrowing { get; private set; }

    /// <summary>What tells it from other lists.</summary>
    internal string Key => _parts[0].Path + "\n" + string.Join("\n", _parts[0].Arguments);

    /// <summary>The variables of a site.</summary>
    internal static NameList VariablesOf(string siteUid) =>
        new("variables", "name", "id", "name", ("v2/site/{}/variables", [siteUid]));

    /// <summary>The request for a page of one of its parts, or null if there is no such part.</summary>
    internal Request? Page(int part, int page, string narrowed)
    {
        if (part >= _parts.Length)
        {
            return null;
        }
        Request request = new Request("GET", _parts[part].Path, _parts[part].Arguments)
            .Query("page", page.ToString())
            .Query("max", PageSize.ToString())
            .Once();
        return narrowed.Length == 0 ? request : request.Query(Narrowing!, narrowed);
    }

    /// <summary>The items of an answer; null where it holds no list.</summary>
    internal object?[]? Items(PSObject answer) => answer.Properties[_items]?.Value as object?[];

    /// <summary>Whether an answer says that there is another page behind it.</summary>
    internal static bool HasMore(PSObject answer) =>
        Field(answer.Properties["pageDetails"]?.Value as PSObject, "nextPageUrl").Length > 0;

    /// <summary>An item; null where it has no name or nothing that it is known by.</summary>
    internal NameEntry? Entry(object? item)
    {
        string name = Field(item as PSObject, _name);
        string id = Field(item as PSObject, _id);
        string detail = Field(item as PSObject, _detail);
        return name.Length == 0 || id.Length == 0 ? null : new NameEntry(name, id, detail.Length == 0 ? name : detail);
    }

    private static string Field(PSObject? item, string name) =>
        LanguagePrimitives.TryConvertTo(item?.Properties[name]?.Value, out string text) ? text : "";
}
