using System;
using System.Collections.Generic;

namespace DattoRMM.Commands;

/// <summary>
/// A field that has been met, with the fields below it. Its place among the others is where it was first met: behind
/// the field that stood before it.
/// </summary>
internal sealed class FlatNode
{
    private readonly List<FlatNode> _children = new();
    private readonly Dictionary<string, FlatNode> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _name;

    /// <summary>What the fields of objects hang on.</summary>
    internal FlatNode()
        : this("", "")
    {
    }

    private FlatNode(string name, string path)
    {
        _name = name;
        Path = path;
    }

    /// <summary>Its name behind the names of the fields that it is in, with dots between.</summary>
    internal string Path { get; }

    /// <summary>Whether fields have been met below it.</summary>
    internal bool HasChildren => _children.Count > 0;

    /// <summary>The column for its own values; null if there is none, or none yet.</summary>
    internal FlatColumn? Column { get; set; }

    /// <summary>Whether it is known which column it has, or that it has none.</summary>
    internal bool IsSettled { get; set; }

    /// <summary>Whether a column may be below it, if that is known.</summary>
    internal bool? IsLookedInto { get; set; }

    /// <summary>The names that are looked for in it, if that is known.</summary>
    internal List<string>? Names { get; set; }

    /// <summary>Whether an object has been noted that has it and nothing in it.</summary>
    internal bool IsMet { get; set; }

    /// <summary>The fields below it, in order.</summary>
    internal IReadOnlyList<FlatNode> Children => _children;

    /// <summary>The field of that name; most objects have the same ones in the same order.</summary>
    /// <param name="name">The name.</param>
    /// <param name="place">Where it should be; then the place behind it.</param>
    internal FlatNode Next(string name, ref int place)
    {
        if (place < _children.Count && string.Equals(_children[place]._name, name, StringComparison.Ordinal))
        {
            return _children[place++];
        }
        if (_byName.TryGetValue(name, out FlatNode? known))
        {
            place = _children.IndexOf(known) + 1;
            return known;
        }
        FlatNode node = new(name, Path.Length == 0 ? name : Path + "." + name);
        _children.Insert(place, node);
        _byName.Add(name, node);
        place++;
        return node;
    }

    /// <summary>The user-defined field of a number, which stands by its number among the others.</summary>
    internal FlatNode NextUdf(int number)
    {
        string name = UdfValues.NameOf(number);
        int place = 0;
        while (!_byName.ContainsKey(name)
            && place < _children.Count
            && UdfValues.NumberOf(_children[place]._name) < number)
        {
            place++;
        }
        return Next(name, ref place);
    }
}
