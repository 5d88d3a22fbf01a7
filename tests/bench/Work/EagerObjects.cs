using System.Management.Automation;
using System.Text.Json;

namespace DattoRMM.Bench.Work;

/// <summary>Objects from System.Text.Json, whole: what anyone writes who has only the engine.</summary>
internal static class EagerObjects
{
    internal static IEnumerable<PSObject> OfPage(byte[] page)
    {
        using JsonDocument document = JsonDocument.Parse(page);
        foreach (JsonElement device in document.RootElement.GetProperty("devices").EnumerateArray())
        {
            PSObject item = Object(device);
            item.TypeNames.Insert(0, BareDevices.Type);
            yield return item;
        }
    }

    private static PSObject Object(JsonElement json)
    {
        PSObject result = new();
        foreach (JsonProperty field in json.EnumerateObject())
        {
            result.Properties.Add(new PSNoteProperty(field.Name, Value(field.Value)));
        }
        return result;
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Object(json),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out long integer) ? (object)integer : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
