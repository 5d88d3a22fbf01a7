using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The values that a component's variables get, as the API takes them. They may be secrets.</summary>
internal static class JobVariables
{
    /// <summary>Of a table of names and values; null for none.</summary>
    /// <exception cref="DrmmException">A value is no text, and would become one that nobody meant.</exception>
    internal static IReadOnlyList<object>? Of(IDictionary? table) => table == null
        ? null
        : [.. table.Cast<DictionaryEntry>().Select(entry => One(ApiText.Plain(entry.Key), entry.Value))];

    /// <summary>
    /// Of what scripts for the gallery module give: a list of tables or objects with a name and a value, one of them, or
    /// a table as <see cref="Of"/> takes.
    /// </summary>
    /// <exception cref="DrmmException">It is something else.</exception>
    internal static IReadOnlyList<object>? OfDefinitions(object? given) => Plain(given) switch
    {
        null => null,
        IDictionary table when !IsDefinition(table) => Of(table),
        IList list => [.. list.Cast<object?>().Select(Definition)],
        _ => [Definition(given)],
    };

    private static bool IsDefinition(IDictionary table) =>
        table.Count == 2 && Find(table, "name") != null && Find(table, "value") != null;

    private static object Definition(object? given)
    {
        (bool isNamed, object? name, object? value) = Plain(given) is IDictionary table
            ? (IsDefinition(table), Find(table, "name")?.Value, Find(table, "value")?.Value)
            : given is PSObject item && item.Properties["name"] is { } property
                ? (item.Properties["value"] != null, property.Value, item.Properties["value"]?.Value)
                : (false, null, null);
        return isNamed
            ? One(ApiText.Plain(name), value)
            : throw new DrmmException(ErrorKind.InvalidArgument, Messages.NotADefinition);
    }

    private static object One(string name, object? value) =>
        new OrderedDictionary { ["name"] = name, ["value"] = Text(name, value) };

    private static string? Text(string name, object? value) => Plain(value) switch
    {
        null => null,
        SecureString secret => new NetworkCredential("", secret).Password,
        var plain when TextAttribute.HasFields(plain) || plain is IEnumerable and not string =>
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.VariableNotText(name)),
        var plain => ApiText.Of(plain),
    };

    /// <summary>The entry of a table by its name, in whatever case.</summary>
    private static DictionaryEntry? Find(IDictionary table, string name)
    {
        foreach (DictionaryEntry entry in table)
        {
            if (string.Equals(entry.Key as string, name, System.StringComparison.OrdinalIgnoreCase))
            {
                return entry;
            }
        }
        return null;
    }

    private static object? Plain(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;
}
