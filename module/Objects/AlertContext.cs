using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace DattoRMM.Objects;

/// <summary>What raised an alert, read so that a field that is missing or says nothing leaves no trace.</summary>
internal sealed class AlertContext
{
    private const string ClassField = "@class";

    private readonly PSObject _alert;
    private readonly object? _context;

    internal AlertContext(PSObject alert)
    {
        _alert = alert;
        _context = alert.Properties["alertContext"]?.Value;
    }

    /// <summary>The name of its shape, or an empty text.</summary>
    internal string Class => this[ClassField];

    /// <summary>Whether the alert has a context that is an object with fields.</summary>
    internal bool HasFields => Plain(_context) is PSCustomObject;

    /// <summary>The name of the device, or an empty text.</summary>
    internal string DeviceName => Text(Field(_alert.Properties["alertSourceInfo"]?.Value, "deviceName"));

    /// <summary>The text of the context where it is none with fields, as after a job that cut it off.</summary>
    internal string Text() => HasFields ? "" : Text(_context);

    /// <summary>A field as text, or an empty text.</summary>
    internal string this[string name] => Text(Field(_context, name));

    /// <summary>A field in <paramref name="format"/>, or an empty text if it says nothing.</summary>
    internal string this[string name, string format] => Put(this[name], format);

    /// <summary>The first of these fields that says something, or an empty text.</summary>
    internal string First(params string[] names) => names.Select(name => this[name]).FirstOrDefault(Says) ?? "";

    /// <summary>A text in <paramref name="format"/>, or an empty text if it says nothing.</summary>
    internal static string Put(string text, string format) =>
        Says(text) ? string.Format(CultureInfo.InvariantCulture, format, text) : "";

    /// <summary>A field that is a number, or null.</summary>
    internal double? Number(string name) => Plain(Field(_context, name)) switch
    {
        int or long or double or decimal or float => Convert.ToDouble(
            Plain(Field(_context, name)), CultureInfo.InvariantCulture),
        string text when double.TryParse(
            text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => null,
    };

    /// <summary>All fields of an object among the fields, or of the context itself, that say something.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Pairs(string? name = null)
    {
        object? value = name == null ? _context : Field(_context, name);
        return Plain(value) is PSCustomObject
            ? [.. PSObject.AsPSObject(value).Properties
                .Where(field => field.Name != ClassField)
                .Select(field => new KeyValuePair<string, string>(field.Name, Text(field.Value)))
                .Where(field => Says(field.Value))]
            : [];
    }

    private static object? Field(object? value, string name) =>
        value == null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;

    /// <summary>One line: a list with commas, an object's fields with their names, no breaks of lines.</summary>
    private static string Text(object? value) => Plain(value) switch
    {
        null => "",
        string text => OneLine(text),
        double number => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "yes" : "no",
        PSCustomObject => string.Join(", ", PSObject.AsPSObject(value).Properties
            .Select(field => Put(Text(field.Value), field.Name + " {0}")).Where(Says)),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text).Where(Says)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        { } other => OneLine(other.ToString() ?? ""),
    };

    private static string OneLine(string text) =>
        string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool Says(string text) => text.Length > 0;

    private static object? Plain(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;
}
