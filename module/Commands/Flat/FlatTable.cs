using System;
using System.Collections.Generic;
using System.Linq;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// The columns of all rows. They are found while objects are read, unless they were named: then they are the only ones,
/// and fields that lead to none of them are not even looked into.
/// </summary>
internal sealed class FlatTable
{
    private readonly Dictionary<string, FlatColumn> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly IDictionary<string, string> _labels;
    private readonly List<FlatColumn>? _named;

    /// <param name="paths">The paths of the columns, in order; null for all that there are.</param>
    /// <param name="labels">What columns are called, by their path.</param>
    internal FlatTable(IEnumerable<string>? paths, IDictionary<string, string> labels)
    {
        _labels = labels;
        _named = paths?.Distinct(StringComparer.OrdinalIgnoreCase).Select(Add).ToList();
    }

    /// <summary>The fields of objects.</summary>
    internal FlatNode Root { get; } = new();

    /// <summary>How many values a row has at most, up to now.</summary>
    internal int Width => _columns.Count;

    /// <summary>The columns that were named and that no object had.</summary>
    internal IEnumerable<FlatColumn> Lacking => _named?.Where(column => !column.IsMet) ?? [];

    /// <summary>The column for the values of a field, or null if nobody wants them.</summary>
    internal FlatColumn? ColumnOf(FlatNode node)
    {
        if (!node.IsSettled)
        {
            node.IsSettled = true;
            if (!_columns.TryGetValue(node.Path, out FlatColumn? column) && _named == null)
            {
                column = Add(node.Path);
            }
            node.Column = column;
        }
        return node.Column;
    }

    /// <summary>Whether there may be a column for a field below this one.</summary>
    internal bool LooksInto(FlatNode node) => node.IsLookedInto ??= _named == null || Below(node).Any();

    /// <summary>Whether there may be a column for a field, or for one below it.</summary>
    internal bool IsWanted(FlatNode node) => _named == null || LooksInto(node) || ColumnOf(node) != null;

    /// <summary>
    /// The names of the fields of an object that may lead to a column; null if all may. A name may have dots in it, as
    /// those of chosen fields do.
    /// </summary>
    internal IReadOnlyList<string>? NamesIn(FlatNode node)
    {
        if (_named == null)
        {
            return null;
        }
        if (node.Names == null)
        {
            string before = node == Root ? "" : node.Path + ".";
            node.Names = _named
                .Where(column => column.Path.StartsWith(before, StringComparison.OrdinalIgnoreCase))
                .SelectMany(column => Beginnings(column.Path.Substring(before.Length)))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .ToList();
            if (node == Root && node.Names.Contains(TypedUdf.Parent, StringComparer.OrdinalIgnoreCase))
            {
                node.Names.Add(TypedUdf.List);
            }
        }
        return node.Names;
    }

    /// <summary>
    /// Notes that an object has nothing in a field, where others may have fields below it: that makes no column beside
    /// theirs.
    /// </summary>
    internal void Meet(FlatNode node)
    {
        if (_named == null || node.IsMet)
        {
            return;
        }
        node.IsMet = true;
        foreach (FlatColumn column in Below(node).Append(ColumnOf(node)).OfType<FlatColumn>())
        {
            column.IsMet = true;
        }
    }

    /// <summary>All columns, in order, with the names that they go by.</summary>
    internal IReadOnlyList<KeyValuePair<string, FlatColumn>> Layout()
    {
        List<FlatColumn> columns = _named ?? InOrder();
        // A row pipes on by its uids, which no label may stand for.
        HashSet<string> names = new(
            columns.Select(column => column.Path).Concat(Input.KeyNames()), StringComparer.OrdinalIgnoreCase);
        return [.. columns.Select(column => new KeyValuePair<string, FlatColumn>(Name(column, names), column))];
    }

    /// <summary>A name that no other column has, and no uid: two fields may have the same label.</summary>
    private static string Name(FlatColumn column, HashSet<string> names)
    {
        if (column.Label == null)
        {
            return column.Path;
        }
        string name = column.Label;
        while (!names.Add(name))
        {
            name += " (" + column.Path + ")";
        }
        return name;
    }

    /// <summary>All that a path may begin with: a, a.b and a.b.c.</summary>
    private static IEnumerable<string> Beginnings(string path)
    {
        for (int end = path.IndexOf('.'); end >= 0; end = path.IndexOf('.', end + 1))
        {
            yield return path.Substring(0, end);
        }
        yield return path;
    }

    private IEnumerable<FlatColumn> Below(FlatNode node) =>
        _named!.Where(column => column.Path.StartsWith(node.Path + ".", StringComparison.OrdinalIgnoreCase));

    private List<FlatColumn> InOrder()
    {
        List<FlatColumn> columns = [];
        HashSet<FlatColumn> seen = [];
        Collect(Root);
        return columns;

        void Collect(FlatNode node)
        {
            foreach (FlatNode child in node.Children)
            {
                // What was null in all objects is a column, too.
                FlatColumn? column = child.HasChildren ? child.Column : ColumnOf(child);
                if (column != null && seen.Add(column))
                {
                    columns.Add(column);
                }
                Collect(child);
            }
        }
    }

    private FlatColumn Add(string path)
    {
        _labels.TryGetValue(path, out string? label);
        FlatColumn column = new(path, _columns.Count) { Label = label };
        _columns.Add(path, column);
        return column;
    }
}
