using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>Reads objects into rows: a value for each column, none of which is an object or a list.</summary>
internal sealed class FlatReader
{
    /// <summary>As deep as an answer may be.</summary>
    private const int MostLevels = 128;

    private const string Iso8601 = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string TimeInList = "yyyy-MM-dd HH:mm:ss";

    private readonly FlatTable _table;
    private readonly TimeFormat _times;
    private readonly string _separator;
    private object?[] _row = [];

    /// <param name="table">Has the columns, and gets those that are found.</param>
    /// <param name="times">How times are given.</param>
    /// <param name="separator">What stands between the elements of a list.</param>
    internal FlatReader(FlatTable table, TimeFormat times, string separator)
    {
        _table = table;
        _times = times;
        _separator = separator;
    }

    /// <summary>Whether user-defined fields go by the labels that come with them.</summary>
    internal bool TakesLabels { get; set; }

    /// <summary>The values of an object; those of columns that are found later are missing at the end.</summary>
    /// <exception cref="DrmmException">It is no object with fields, or nests too deep.</exception>
    internal object?[] Read(object? source)
    {
        object? plain = Plain(source);
        if (!IsObject(plain))
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NoFields(plain?.GetType()));
        }
        _row = new object?[_table.Width];
        PutFields(_table.Root, source!, 0, null);
        return _row;
    }

    /// <param name="node">Where the fields of the object are.</param>
    /// <param name="source">The object.</param>
    /// <param name="depth">How many objects and lists it is in.</param>
    /// <param name="list">The list that it is in, or null.</param>
    private void PutFields(FlatNode node, object source, int depth, FlatList? list)
    {
        int place = 0;
        foreach (KeyValuePair<string, object?> field in Fields(source, _table.NamesIn(node)))
        {
            if (depth == 0 && TypedUdf.ReadAll(field.Key, field.Value) is { } typed)
            {
                PutTyped(node.Next(TypedUdf.Parent, ref place), typed);
            }
            else
            {
                Put(node.Next(field.Key, ref place), field.Value, depth, list);
            }
        }
        if (place == 0 && !Fields(source, null).Any())
        {
            _table.Meet(node);
        }
    }

    private void Put(FlatNode node, object? value, int depth, FlatList? list)
    {
        object? plain = Plain(value);
        if (plain == null)
        {
            _table.Meet(node);
        }
        else if (IsObject(plain))
        {
            if (_table.LooksInto(node))
            {
                PutFields(node, value!, Below(depth), list);
            }
        }
        else if (plain is IEnumerable elements and not string)
        {
            if (_table.IsWanted(node))
            {
                PutElements(node, [.. elements.Cast<object?>()], Below(depth), list);
            }
        }
        else if (_table.ColumnOf(node) is { } column)
        {
            PutValue(column, plain, list);
        }
    }

    private void PutElements(FlatNode node, object?[] elements, int depth, FlatList? outer)
    {
        FlatList list = outer ?? new FlatList(elements.Length, _separator);
        for (int i = 0; i < elements.Length; i++)
        {
            list.Index = outer == null ? i : list.Index;
            Put(node, elements[i], depth, list);
        }
        if (elements.Length == 0)
        {
            _table.Meet(node);
        }
        if (outer == null)
        {
            foreach (KeyValuePair<FlatColumn, string> text in list.Texts)
            {
                Put(text.Key, text.Value);
            }
        }
    }

    private void PutTyped(FlatNode parent, IReadOnlyList<TypedUdf> fields)
    {
        // Fields without a value do not come.
        _table.Meet(parent);
        foreach (TypedUdf field in fields)
        {
            if (_table.ColumnOf(parent.NextUdf(field.Number)) is { } column)
            {
                if (TakesLabels)
                {
                    column.Label ??= field.Label;
                }
                PutValue(column, field.Value, null);
            }
        }
    }

    private void PutValue(FlatColumn column, object? value, FlatList? list)
    {
        column.IsMet = true;
        object? given = value == null ? null : Given(column, value);
        if (list == null)
        {
            Put(column, given);
        }
        else if (given != null)
        {
            list.Add(column, Text(given));
        }
    }

    private void Put(FlatColumn column, object? value)
    {
        if (column.Slot >= _row.Length)
        {
            Array.Resize(ref _row, _table.Width);
        }
        _row[column.Slot] = value;
    }

    /// <summary>A value as it is given: what is no time stays what it is.</summary>
    private object Given(FlatColumn column, object value)
    {
        DateTimeOffset? time = _times == TimeFormat.Raw ? null
            : value is DateTime or DateTimeOffset ? TimeMethods.Read(value)
            : column.IsTime ? TimeFields.Read(column.Path, value)
            : null;
        return time is not { } read ? value
            : _times == TimeFormat.Local ? read.LocalDateTime
            : read.UtcDateTime.ToString(Iso8601, CultureInfo.InvariantCulture);
    }

    /// <summary>A value as an element of a list, which is the same on every machine.</summary>
    private static string Text(object value) => value switch
    {
        DateTime time => time.ToString(TimeInList, CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static int Below(int depth) =>
        depth < MostLevels
            ? depth + 1
            : throw new DrmmException(ErrorKind.InvalidArgument, Messages.ObjectTooDeep(MostLevels));

    private static object? Plain(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;

    private static bool IsObject(object? plain) => plain is PSCustomObject or IDictionary;

    /// <summary>The fields of an object: those of these names, or all.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Fields(object source, IReadOnlyList<string>? names)
    {
        if (Plain(source) is IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                yield return new(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value);
            }
            yield break;
        }
        PSMemberInfoCollection<PSPropertyInfo> properties = ((PSObject)source).Properties;
        // To go through all takes the engine 20 µs for a device.
        foreach (PSPropertyInfo property in names == null
            ? properties
            : names.Select(name => properties[name]).Where(property => property != null))
        {
            yield return new(property.Name, property.Value);
        }
    }
}
