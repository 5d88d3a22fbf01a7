using System;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Objects;

/// <summary>
/// What an object of a few chosen properties knows besides: its uids, and what it was picked by. A property of the
/// object carries it, so it lives as long as the object and comes along with a copy; being no property itself it is in
/// no table, file or text.
/// </summary>
internal sealed class HiddenFields
{
    private readonly Projection _projection;
    private readonly object?[] _values;

    /// <param name="projection">Has the names.</param>
    /// <param name="values">Those of its hidden fields.</param>
    internal HiddenFields(Projection projection, object?[] values)
    {
        _projection = projection;
        _values = values;
    }

    /// <summary>A property that carries hidden fields.</summary>
    internal interface ICarrier
    {
        /// <summary>What it carries, or null.</summary>
        HiddenFields? Hidden { get; }
    }

    /// <summary>Whether an object has a field, as a property or hidden.</summary>
    internal static bool Has(PSObject item, string name) => TryRead(item, name, out _);

    /// <summary>The value of a field, as a property or hidden; null if there is none.</summary>
    internal static object? Read(PSObject item, string name) => TryRead(item, name, out object? value) ? value : null;

    private static bool TryRead(PSObject item, string name, out object? value)
    {
        if (item.Properties[name] is { } property)
        {
            value = property.Value;
            return true;
        }
        value = null;
        return Of(item)?.TryRead(name, out value) == true;
    }

    private static HiddenFields? Of(PSObject item)
    {
        // The type name tells at once that there is nothing to be looked for.
        if (item.TypeNames.Any(type => type.EndsWith(Input.ProjectedSuffix, StringComparison.Ordinal)))
        {
            foreach (PSPropertyInfo property in item.Properties)
            {
                if (property is ICarrier { Hidden: { } hidden })
                {
                    return hidden;
                }
            }
        }
        return null;
    }

    private bool TryRead(string name, out object? value)
    {
        int index = Array.FindIndex(
            _projection.Hidden, field => string.Equals(field, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            return _projection.TryGive(name, out value);
        }
        value = _values[index];
        return true;
    }
}
