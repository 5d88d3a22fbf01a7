using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Numerics;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Values on their way into the user-defined fields of a device, by the numbers of the fields. They may be secrets, so
/// what is refused is told by its field and its type.
/// </summary>
internal sealed class UdfValues
{
    private const string Prefix = "udf";
    private const int Most = 300;

    private readonly SortedDictionary<int, object?> _values = new();

    /// <summary>Whether there is nothing to be set or deleted.</summary>
    internal bool IsEmpty => _values.Count == 0;

    /// <summary>The fields that get a value.</summary>
    internal IEnumerable<int> Set => _values.Where(pair => !IsNothing(pair.Value)).Select(pair => pair.Key);

    /// <summary>The fields whose value is deleted, which is what the API does with an empty one.</summary>
    internal IEnumerable<int> Deleted => _values.Where(pair => IsNothing(pair.Value)).Select(pair => pair.Key);

    /// <summary>Whether a name is meant for a field: udf and a number, whichever.</summary>
    internal static bool IsField(string name) =>
        name.Length > Prefix.Length
        && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && name.Skip(Prefix.Length).All(letter => letter is >= '0' and <= '9');

    /// <summary>The name of the field of a number: udf5.</summary>
    internal static string NameOf(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number in a name that is meant for a field; null if it is not.</summary>
    internal static int? NumberOf(string name) =>
        IsField(name)
        && int.TryParse(name.Substring(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    /// <summary>Takes the fields of a table; its keys are 5, '5' or 'udf5'.</summary>
    /// <exception cref="DrmmException">A key or a value is none for a field, or a field comes twice.</exception>
    internal UdfValues With(IDictionary table)
    {
        foreach (DictionaryEntry entry in table)
        {
            int number = Number(entry.Key);
            if (_values.ContainsKey(number))
            {
                throw Refuse(Messages.UdfTwice(number));
            }
            _values.Add(number, Plain(number, entry.Value));
        }
        return this;
    }

    /// <summary>
    /// Takes the columns udf1 to udf300 of an object, beside the fields that are there already. Empty ones are taken
    /// only if <paramref name="empty"/> says so. False if it has no such column.
    /// </summary>
    /// <exception cref="DrmmException">There is a column for a field that there is not, or a value is none.</exception>
    internal bool AddColumns(object? row, bool empty)
    {
        bool any = false;
        foreach ((string name, object? value) in Columns(row))
        {
            any = true;
            int number = Number(name);
            object? plain = Plain(number, value);
            if (!_values.ContainsKey(number) && (empty || !IsNothing(plain)))
            {
                _values.Add(number, plain);
            }
        }
        return any;
    }

    /// <summary>The body of v2, which takes texts and reads them into the types of the fields.</summary>
    internal IDictionary ToTexts()
    {
        OrderedDictionary body = new();
        foreach (KeyValuePair<int, object?> field in _values)
        {
            body.Add(NameOf(field.Key), Text(field.Value));
        }
        return body;
    }

    /// <summary>The body of v3, which takes each value as what it is and refuses one of another type.</summary>
    internal IDictionary ToTyped() => new Dictionary<string, object?>
    {
        ["udfs"] = _values.Select(field => new OrderedDictionary
        {
            ["ordinal"] = field.Key,
            [TypeOf(field.Value)] = Typed(field.Value),
        }).ToArray(),
    };

    /// <summary>The number of a field by its key in a table.</summary>
    /// <exception cref="DrmmException">There is no such field.</exception>
    private static int Number(object key)
    {
        object plain = key is PSObject wrapper ? wrapper.BaseObject : key;
        string text = plain is string || IsNumber(plain)
            ? LanguagePrimitives.ConvertTo<string>(plain)
            : plain.GetType().FullName;
        string digits = plain is string && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? text.Substring(Prefix.Length)
            : text;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= Most
            && digits[0] != '0'
                ? number
                : throw Refuse(Messages.NoSuchUdf(text, Most));
    }

    /// <summary>Whether a value is none, so that it deletes.</summary>
    private static bool IsNothing(object? value) => value is null or "";

    private static IEnumerable<(string Name, object? Value)> Columns(object? row) =>
        (row is PSObject wrapper ? wrapper.BaseObject : row) switch
        {
            IDictionary table => table.Keys.OfType<string>()
                .Where(IsField)
                .Select(name => (name, (object?)table[name])),
            PSCustomObject => ((PSObject)row!).Properties
                .Where(property => IsField(property.Name))
                .Select(property => (property.Name, (object?)property.Value)),
            _ => [],
        };

    /// <summary>A value without the engine's wrapper, if it is one that a field can hold.</summary>
    private static object? Plain(int number, object? value)
    {
        object? plain = value is PSObject wrapper ? wrapper.BaseObject : value;
        return plain switch
        {
            DBNull => null,
            SwitchParameter flag => flag.IsPresent,
            null or string or bool or DateTime or DateTimeOffset => plain,
            char or Guid or Uri or Version or TimeSpan or Enum or IPAddress => plain.ToString(),
            _ when IsNumber(plain) => plain,
            _ => throw Refuse(Messages.NotAUdf(number, plain.GetType())),
        };
    }

    private static bool IsNumber(object value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or decimal or BigInteger
            or double or float;

    private static string? Text(object? value) => value switch
    {
        null or string => (string?)value,
        DateTime { TimeOfDay.Ticks: 0 } day => Day.Of(day),
        DateTimeOffset { TimeOfDay.Ticks: 0 } day => Day.Of(day),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("o", CultureInfo.InvariantCulture),
        // As JSON writes numbers and booleans, whatever the culture.
        _ => JsonWriter.Serialize(value),
    };

    private static string TypeOf(object? value) => value switch
    {
        null or string => "valueString",
        bool => "valueBoolean",
        DateTime or DateTimeOffset => "valueDate",
        _ => "valueNumber",
    };

    private static object? Typed(object? value) => value switch
    {
        "" => null,
        DateTime day => Day.Of(day),
        DateTimeOffset day => Day.Of(day),
        _ => value,
    };

    private static DrmmException Refuse(string message) => new(ErrorKind.InvalidArgument, message);
}
