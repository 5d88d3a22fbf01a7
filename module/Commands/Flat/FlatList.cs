using System.Collections.Generic;

namespace DattoRMM.Commands;

/// <summary>
/// What becomes of a list while its elements are read: for each column a text of all of them. An element without a
/// value keeps its place, so that the n-th address belongs to the n-th name.
/// </summary>
internal sealed class FlatList
{
    private readonly Dictionary<FlatColumn, string?[]> _texts = new();
    private readonly string _separator;
    private readonly int _count;

    /// <param name="count">How many elements it has.</param>
    /// <param name="separator">What stands between them.</param>
    internal FlatList(int count, string separator)
    {
        _count = count;
        _separator = separator;
    }

    /// <summary>Which element is read.</summary>
    internal int Index { get; set; }

    /// <summary>The text of each column.</summary>
    internal IEnumerable<KeyValuePair<FlatColumn, string>> Texts
    {
        get
        {
            foreach (KeyValuePair<FlatColumn, string?[]> column in _texts)
            {
                yield return new(column.Key, string.Join(_separator, column.Value));
            }
        }
    }

    /// <summary>Adds a value of the element that is read; it has several where it holds lists itself.</summary>
    internal void Add(FlatColumn column, string text)
    {
        if (!_texts.TryGetValue(column, out string?[]? texts))
        {
            texts = new string?[_count];
            _texts.Add(column, texts);
        }
        texts[Index] = texts[Index] is { } before ? before + _separator + text : text;
    }
}
