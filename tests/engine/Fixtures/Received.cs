namespace DattoRMM.Tests.Fixtures;

/// <summary>A request as the simulator received it.</summary>
public sealed record Received(
    long At,
    string Method,
    string Path,
    string Query,
    string Body,
    string? ContentType,
    string? UserAgent,
    int Status)
{
    /// <summary>Method, path and query in one line: <c>GET /api/v2/account/devices?max=250&amp;page=0</c>.</summary>
    public string Line => $"{Method} {Path}{(Query.Length > 0 ? "?" : "")}{Query}";

    /// <summary>The decoded value of a query parameter, or null.</summary>
    public string? this[string parameter] =>
        Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair[0] == parameter)
            .Select(pair => Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : ""))
            .FirstOrDefault();

    /// <summary>Whether it was a token request.</summary>
    public bool IsLogin => Path == "/auth/oauth/token";

    public override string ToString() => $"{Line} → {Status}";
}

/// <summary>What the simulator has counted.</summary>
public sealed record Counters(
    int Requests,
    int Tokens,
    Dictionary<string, int> ByRoute,
    Dictionary<string, int> ByStatus,
    int MaxConcurrent,
    int Blocked,
    int Connections,
    Dictionary<string, InvalidAnswer> InvalidAnswers)
{
    /// <summary>How many requests a route had.</summary>
    public int Of(string route) => ByRoute.GetValueOrDefault(route);
}

/// <summary>Answers of one operation that did not fit the API's description.</summary>
public sealed record InvalidAnswer(int Count, string Complaint);
