using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace DattoRMM.Objects;

/// <summary>
/// What the cells of tables show of nested fields. A path in script is an error in a session in strict mode where a
/// field on it is missing or null, and such an error stays in $Error for each row.
/// </summary>
public static class Cells
{
    /// <summary>
    /// The value at the end of a path, such as <c>site.name</c>: null where it leads nowhere, and a list of what its
    /// elements have where it leads through a list.
    /// </summary>
    /// <param name="item">The object of the row.</param>
    /// <param name="path">The names of fields, with dots in between.</param>
    /// <returns>The value.</returns>
    public static object? At(object? item, string path)
    {
        object? value = item;
        foreach (string name in path.Split('.'))
        {
            value = Field(value, name);
        }
        return value;
    }

    /// <summary>How many elements the list at the end of a path has; null, an empty cell, where there is none.</summary>
    /// <param name="item">The object of the row.</param>
    /// <param name="path">The names of fields, with dots in between.</param>
    /// <returns>The number.</returns>
    public static int? Count(object? item, string path) => At(item, path) is { } found
        ? LanguagePrimitives.GetEnumerable(found) is { } list ? list.Cast<object?>().Count() : 1
        : null;

    /// <summary>A time to the minute, in the calendar and with the signs that everybody sorts by.</summary>
    /// <param name="time">The time, or null for an empty cell.</param>
    /// <returns>The text.</returns>
    public static string? Minute(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A time to the second, as <see cref="Minute"/>.</summary>
    /// <param name="time">The time, or null for an empty cell.</param>
    /// <returns>The text.</returns>
    public static string? Second(DateTime? time) =>
        time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static object? Field(object? value, string name)
    {
        if (value is null)
        {
            return null;
        }
        if (PSObject.AsPSObject(value) is not { BaseObject: IEnumerable list and not string })
        {
            return PSObject.AsPSObject(value).Properties[name]?.Value;
        }
        List<object> values = [];
        foreach (object? element in list)
        {
            if (Field(element, name) is { } found)
            {
                values.Add(found);
            }
        }
        return values.ToArray();
    }
}
