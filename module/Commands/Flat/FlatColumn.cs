using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>A column, of which every row has a value or null.</summary>
internal sealed class FlatColumn
{
    /// <param name="path">The path of its field.</param>
    /// <param name="slot">Where its value is in a row.</param>
    internal FlatColumn(string path, int slot)
    {
        Path = path;
        Slot = slot;
        IsTime = TimeFields.Contains(path);
    }

    /// <summary>The path of its field, which is its name unless it has a label.</summary>
    internal string Path { get; }

    /// <summary>Where its value is in a row.</summary>
    internal int Slot { get; }

    /// <summary>Whether it holds times.</summary>
    internal bool IsTime { get; }

    /// <summary>What it is called instead, or null.</summary>
    internal string? Label { get; set; }

    /// <summary>Whether an object had its field, with whatever value.</summary>
    internal bool IsMet { get; set; }
}
