using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using Xunit;
using Xunit.Sdk;

namespace DattoRMM.Tests.Fixtures;

/// <summary>Compares objects with the JSON that they were made of.</summary>
public static class Json
{
    /// <summary>
    /// Asserts that a value is what the module promises for this JSON: the same names in the same order, the promised
    /// types, the same values, all the way down.
    /// </summary>
    public static void AssertSame(JsonElement json, object? value, string at = "$")
    {
        object? plain = value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;
        switch (json.ValueKind)
        {
            case JsonValueKind.Null:
                Equal(null, plain, at);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Equal(json.GetBoolean(), plain, at);
                break;
            case JsonValueKind.String:
                Equal(json.GetString(), plain, at);
                break;
            case JsonValueKind.Number:
                Equal(Number(json), plain, at);
                break;
            case JsonValueKind.Array:
                object?[] elements = Assert.IsType<object?[]>(plain);
                Equal(json.GetArrayLength(), elements.Length, at);
                for (int i = 0; i < elements.Length; i++)
                {
                    AssertSame(json[i], elements[i], $"{at}[{i}]");
                }
                break;
            default:
                AssertSameObject(json, plain, at);
                break;
        }
    }

    /// <summary>The names of an object's fields, in order.</summary>
    public static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(field => field.Name)];

    /// <summary>The names of an object's properties, in order.</summary>
    public static string[] Names(PSObject value) => [.. value.Properties.Select(property => property.Name)];

    private static void AssertSameObject(JsonElement json, object? value, string at)
    {
        if (value is not PSObject { BaseObject: PSCustomObject } item)
        {
            throw new XunitException($"{at}: a custom object expected, {value?.GetType().ToString() ?? "null"} came");
        }
        Assert.Equal(Names(json), Names(item));
        foreach (JsonProperty field in json.EnumerateObject())
        {
            AssertSame(field.Value, item.Properties[field.Name].Value, $"{at}.{field.Name}");
        }
    }

    private static object Number(JsonElement json)
    {
        string text = json.GetRawText();
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return json.GetDouble();
        }
        return json.TryGetInt64(out long integer) ? (object)integer : BigInteger.Parse(text);
    }

    private static void Equal(object? expected, object? actual, string at)
    {
        if (!Equals(expected, actual))
        {
            throw new XunitException($"{at}: {Shown(expected)} expected, {Shown(actual)} came");
        }
    }

    private static string Shown(object? value) => value == null ? "null" : $"{value} ({value.GetType().Name})";
}
