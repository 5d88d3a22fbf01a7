using System.Text.Json.Nodes;

namespace DattoRMM.Tests.Fixtures;

/// <summary>Fault rules, as the simulator takes them.</summary>
public static class Fault
{
    /// <summary>A page of a maintenance, with status 200.</summary>
    public const string Html = "\"html\"";

    /// <summary>The connection is reset in the middle of the body.</summary>
    public const string ResetInBody = "\"resetInBody\"";

    /// <summary>204 without a body.</summary>
    public const string NoContent = "\"noContent\"";

    /// <summary>A rule: which requests it is for, and what becomes of them (JSON).</summary>
    /// <param name="match">Method and route or path, as <c>GET /v2/account/devices</c>.</param>
    /// <param name="fault">What becomes of them.</param>
    /// <param name="page">Only for this page number.</param>
    /// <param name="after">Not for the first so many.</param>
    /// <param name="times">No more often than this.</param>
    public static string On(string match, string fault, int? page = null, int? after = null, int? times = null)
    {
        JsonObject rule = new() { ["match"] = match, ["fault"] = JsonNode.Parse(fault) };
        foreach ((string name, int? value) in new[] { ("page", page), ("after", after), ("times", times) })
        {
            if (value != null)
            {
                rule[name] = value;
            }
        }
        return rule.ToJsonString();
    }

    /// <summary>An answer of this status with the API's own error body.</summary>
    public static string Status(int status, int? retryAfterS = null) =>
        retryAfterS == null ? $"{{\"status\":{status}}}" : $"{{\"status\":{status},\"retryAfterS\":{retryAfterS}}}";

    /// <summary>An answer that comes so much later.</summary>
    public static string Delay(int milliseconds) => $"{{\"delayMs\":{milliseconds}}}";

    /// <summary>This text in place of the answer.</summary>
    public static string Answer(string text) => new JsonObject { ["answer"] = text }.ToJsonString();

    /// <summary>This URL as that of the next page.</summary>
    public static string NextPage(string url) => new JsonObject { ["nextPageUrl"] = url }.ToJsonString();
}
