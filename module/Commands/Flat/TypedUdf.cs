using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>A user-defined field as version 3 of the API gives it: an element of a list.</summary>
internal sealed class TypedUdf
{
    /// <summary>The field that the same values are in when they come without their types.</summary>
    internal const string Parent = "udf";

    /// <summary>The field that the list is in.</summary>
    internal const string List = "udfs";

    private const string ValuePrefix = "value";

    private TypedUdf(int number, PSObject element)
    {
        Number = number;
        Value = element.Properties
            .Where(property => property.Name.StartsWith(ValuePrefix, StringComparison.OrdinalIgnoreCase))
            .Select(property => property.Value)
            .FirstOrDefault(value => value != null);
        Label = element.Properties["label"]?.Value is string { Length: > 0 } label ? label : null;
    }

    /// <summary>The number of the field.</summary>
    internal int Number { get; }

    /// <summary>Its value, of whichever type.</summary>
    internal object? Value { get; }

    /// <summary>What the account calls it, or null.</summary>
    internal string? Label { get; }

    /// <summary>All in a field of a device; null if that is not what it holds.</summary>
    internal static IReadOnlyList<TypedUdf>? ReadAll(string name, object? value)
    {
        if (!string.Equals(name, List, StringComparison.OrdinalIgnoreCase)
            || (value is PSObject wrapper ? wrapper.BaseObject : value) is not IList elements)
        {
            return null;
        }
        List<TypedUdf> fields = [];
        foreach (object? element in elements)
        {
            if (element is not PSObject { BaseObject: PSCustomObject } item
                || !LanguagePrimitives.TryConvertTo(item.Properties["ordinal"]?.Value, out int number))
            {
                return null;
            }
            fields.Add(new TypedUdf(number, item));
        }
        return fields;
    }
}
