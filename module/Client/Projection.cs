using System;
using System.Collections.Generic;
using System.Linq;

namespace DattoRMM.Client;

/// <summary>
/// Which fields of its items a call asks for: those that become properties, and before them some that do not, since
/// they say which object it is or are looked at here.
/// </summary>
internal sealed class Projection
{
    private readonly IReadOnlyList<KeyValuePair<string, object?>> _given;

    /// <param name="names">The properties, in order; the library says what is wrong with them.</param>
    /// <param name="needs">Fields that are needed, whether they are named or not.</param>
    /// <param name="given">Values that are not the API's, and their names.</param>
    internal Projection(
        IReadOnlyList<string?> names,
        IEnumerable<string> needs,
        IReadOnlyList<KeyValuePair<string, object?>> given)
    {
        Names = [.. names.Select(name => name ?? "")];
        Hidden = [.. needs.Except(Names, StringComparer.OrdinalIgnoreCase)];
        _given = given;
    }

    /// <summary>The properties of an object, in order.</summary>
    internal string[] Names { get; }

    /// <summary>The fields that are asked for besides; they come first.</summary>
    internal string[] Hidden { get; }

    /// <summary>All that is asked of the library.</summary>
    internal string[] Fields => [.. Hidden, .. Names];

    /// <summary>Whether objects have more than their properties.</summary>
    internal bool Hides => Hidden.Length > 0 || _given.Count > 0;

    /// <summary>The value of a field that is not the API's.</summary>
    internal bool TryGive(string name, out object? value)
    {
        foreach (KeyValuePair<string, object?> field in _given)
        {
            if (string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                value = field.Value;
                return true;
            }
        }
        value = null;
        return false;
    }
}
