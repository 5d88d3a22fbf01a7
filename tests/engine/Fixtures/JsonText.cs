using System.Text.Encodings.Web;
using System.Text.Json;

namespace DattoRMM.Tests.Fixtures;

/// <summary>How JSON is written for readers.</summary>
internal static class JsonText
{
    /// <summary>Escapes nothing that needs no escape.</summary>
    internal static JsonSerializerOptions Readable { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
