using System.Management.Automation;
using System.Text.Json;

namespace DattoRMM.Bench.Work;

/// <summary>
/// The limit of «text to object»: the objects of a list without any reading. Fields, names and values are those of the
/// text, and everything is known beforehand; what is left is to allocate values and to build bare PSObjects in the
/// fastest way that the engine offers everyone (room for all fields, names not checked again).
/// </summary>
/// <remarks>
/// Strings are copied from characters that are there already. One that repeats among the fields of a page's devices, or
/// within one nested object, is allocated once: so it is in the module's objects, and the limit shall not be higher
/// than it has to be. For the same reason a nested object can be <em>folded</em>: no object, but a field that holds as
/// many bytes as its values take in the text. Less than that no device needs whose nested objects nobody reads.
/// </remarks>
/// <param name="folded">Whether nested objects of several fields are folded.</param>
internal sealed class BareDevices(bool folded)
{
    internal const string Type = "DattoRMM.Device";

    /// <summary>Longer strings are not compared with earlier ones; as in the batches of the library.</summary>
    private const int LongestSharedText = 64;

    private static readonly object s_true = true;
    private static readonly object s_false = false;

    private readonly List<Page> _pages = [];

    private enum Kind
    {
        /// <summary>Null or a boolean, of which there is one instance each.</summary>
        Fixed,
        Text,
        RepeatedText,
        Integer,
        Fraction,
        Bytes,
        Object,
        Array,
    }

    internal int Count { get; private set; }

    /// <summary>Prepares the devices of a page.</summary>
    internal void Add(byte[] page)
    {
        using JsonDocument document = JsonDocument.Parse(page);
        Scope scope = new();
        JsonElement list = document.RootElement.GetProperty("devices");
        Plan[] devices = [.. list.EnumerateArray().Select(device => PrepareDevice(device, scope))];
        _pages.Add(new Page(devices, new string[scope.Count]));
        Count += devices.Length;
    }

    /// <summary>Builds all devices.</summary>
    internal void Build(List<PSObject> kept)
    {
        foreach (Page page in _pages)
        {
            foreach (Plan device in page.Devices)
            {
                PSObject item = Make(device, page.Texts);
                item.TypeNames.Insert(0, Type);
                kept.Add(item);
            }
        }
    }

    private static PSObject Make(Plan plan, string[] texts)
    {
        PSObject result = new(plan.Names.Length);
        PSMemberInfoCollection<PSPropertyInfo> properties = result.Properties;
        for (int i = 0; i < plan.Names.Length; i++)
        {
            properties.Add(new PSNoteProperty(plan.Names[i], Make(plan.Values[i], texts)), preValidated: true);
        }
        return result;
    }

    private static object? Make(in Value value, string[] texts)
    {
        switch (value.Kind)
        {
            case Kind.Text:
                string text = new((char[])value.Content!);
                if (value.Number >= 0)
                {
                    texts[value.Number] = text;
                }
                return text;
            case Kind.RepeatedText:
                return texts[value.Number];
            case Kind.Integer:
                return value.Number;
            case Kind.Fraction:
                return BitConverter.Int64BitsToDouble(value.Number);
            case Kind.Bytes:
                return ((byte[])value.Content!).AsSpan().ToArray();
            case Kind.Object:
                Plan plan = (Plan)value.Content!;
                return Make(plan, plan.Texts!);
            case Kind.Array:
                Value[] elements = (Value[])value.Content!;
                object?[] made = new object?[elements.Length];
                for (int i = 0; i < made.Length; i++)
                {
                    made[i] = Make(elements[i], texts);
                }
                return made;
            default:
                return value.Content;
        }
    }

    private Plan PrepareDevice(JsonElement json, Scope scope)
    {
        Plan plan = Prepare(json, scope);
        if (folded)
        {
            JsonElement[] values = [.. json.EnumerateObject().Select(field => field.Value)];
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i].ValueKind == JsonValueKind.Object && values[i].GetPropertyCount() > 1)
                {
                    byte[] bytes = new byte[values[i].EnumerateObject().Sum(field => field.Value.GetRawText().Length)];
                    plan.Values[i] = new Value(Kind.Bytes, bytes, 0);
                }
            }
        }
        return plan;
    }

    private static Plan Prepare(JsonElement json, Scope scope)
    {
        JsonProperty[] fields = [.. json.EnumerateObject()];
        return new Plan(
            [.. fields.Select(field => string.Intern(field.Name))],
            [.. fields.Select(field => PrepareValue(field.Value, scope))],
            null);
    }

    private static Value PrepareValue(JsonElement json, Scope scope)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return scope.Prepare(json.GetString()!);
            case JsonValueKind.Number when json.TryGetInt64(out long integer):
                return new Value(Kind.Integer, null, integer);
            case JsonValueKind.Number:
                return new Value(Kind.Fraction, null, BitConverter.DoubleToInt64Bits(json.GetDouble()));
            case JsonValueKind.True:
                return new Value(Kind.Fixed, s_true, 0);
            case JsonValueKind.False:
                return new Value(Kind.Fixed, s_false, 0);
            case JsonValueKind.Array:
                Value[] elements = [.. json.EnumerateArray().Select(element => PrepareValue(element, scope))];
                return new Value(Kind.Array, elements, 0);
            case JsonValueKind.Object:
                Scope inner = new();
                Plan plan = Prepare(json, inner);
                return new Value(Kind.Object, plan with { Texts = new string[inner.Count] }, 0);
            default:
                return new Value(Kind.Fixed, null, 0);
        }
    }

    /// <param name="Devices">What to build.</param>
    /// <param name="Texts">Room for the strings that repeat among the page's devices.</param>
    private sealed record Page(Plan[] Devices, string[] Texts);

    /// <param name="Names">The names of the fields.</param>
    /// <param name="Values">Their values.</param>
    /// <param name="Texts">Room for the strings that repeat within a nested object; null for a device.</param>
    private sealed record Plan(string[] Names, Value[] Values, string[]? Texts);

    /// <param name="Kind">What it is.</param>
    /// <param name="Content">Characters, bytes, elements, a nested object's plan, or the value itself.</param>
    /// <param name="Number">The number, the fraction's bits, or the text's place among those that may repeat.</param>
    private readonly record struct Value(Kind Kind, object? Content, long Number);

    /// <summary>Where a string that repeats shares one instance.</summary>
    private sealed class Scope
    {
        private readonly Dictionary<string, int> _places = [];

        internal int Count => _places.Count;

        internal Value Prepare(string text)
        {
            if (text.Length is 0 or > LongestSharedText)
            {
                return new Value(Kind.Text, text.ToCharArray(), -1);
            }
            if (_places.TryGetValue(text, out int place))
            {
                return new Value(Kind.RepeatedText, null, place);
            }
            _places.Add(text, _places.Count);
            return new Value(Kind.Text, text.ToCharArray(), _places.Count - 1);
        }
    }
}
