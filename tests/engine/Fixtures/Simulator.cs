using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// A simulator of its own process, with a client of its control endpoint. It ends with the test run, however that ends,
/// because it watches its standard input.
/// </summary>
public sealed class Simulator : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SimulatorProcess _process;
    private readonly HttpClient _control = new() { Timeout = s_patience };
    private readonly string _controlUrl;
    private bool _isEnded;

    private Simulator(SimulatorProcess process)
    {
        _process = process;
        JsonNode ready = JsonNode.Parse(process.Ready)!;
        Url = Text(ready, "url");
        _controlUrl = Text(ready, "control");
        // A key of its own: this process remembers accounts, and an earlier simulator may have had the same port.
        Key = Guid.NewGuid().ToString("N").ToUpperInvariant();
        Secret = Text(ready, "secret");
        SetKey(Key, Secret);
    }

    /// <summary>The API's origin.</summary>
    public string Url { get; }

    /// <summary>Host and port, as messages name it.</summary>
    public string Host => new Uri(Url).Host;

    public string Key { get; }

    public string Secret { get; }

    /// <summary>
    /// Starts one; <paramref name="options"/> as its <c>--help</c> has them, separated by spaces. It compares its
    /// answers with the API's description, if that is there and unless its own time is of the essence.
    /// </summary>
    public static Simulator Start(string options = "--devices 20 --sites 3", bool checksAnswers = true) =>
        new(StartProcess(options, checksAnswers));

    /// <summary>The process of one.</summary>
    internal static SimulatorProcess StartProcess(string options, bool checksAnswers = true) => SimulatorProcess.Start(
        Paths.Simulator,
        options,
        checksAnswers && File.Exists(Paths.ApiDescription) ? $"--check-answers \"{Paths.ApiDescription}\"" : "");

    /// <summary>What it received, oldest first.</summary>
    public IReadOnlyList<Received> Requests() => Get<List<Received>>("requests");

    /// <summary>What it received beside token requests and the client's own look at the quota, oldest first.</summary>
    public IReadOnlyList<Received> Calls() =>
        [.. Requests().Where(request => !request.IsLogin && request.Path != "/api/v2/system/request_rate")];

    /// <summary>What it received beside token requests on one path below <c>/api/v2/</c>, oldest first.</summary>
    public IReadOnlyList<Received> Calls(string path) =>
        [.. Calls().Where(request => request.Path == "/api/v2/" + path)];

    /// <summary>What it counted.</summary>
    public Counters Counters() => Get<Counters>("counters");

    /// <summary>
    /// Reads a path below <c>/api/v2/</c>, or another version's, without the module, so that its objects can be
    /// compared with the answer's text. The simulator notes these requests too; <see cref="Reset"/> makes it forget
    /// them.
    /// </summary>
    public JsonElement Read(string path, string version = "v2")
    {
        using HttpRequestMessage request = Ask(path, Token(), version);
        using JsonDocument document = JsonDocument.Parse(Body(request));
        return document.RootElement.Clone();
    }

    /// <summary>Writes to a path below <c>/api/v2/</c> without the module, as <see cref="Read"/> reads.</summary>
    public JsonElement Write(HttpMethod method, string path, JsonNode body)
    {
        using HttpRequestMessage request = Ask(path, Token());
        request.Method = method;
        request.Content = JsonContent.Create(body);
        string text = Body(request);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>
    /// Goes on asking without the module, whatever the answer, until this machine's address is blocked.
    /// </summary>
    public void GetBlocked()
    {
        string token = Token();
        Stopwatch waited = Stopwatch.StartNew();
        while (waited.Elapsed < s_patience)
        {
            using HttpRequestMessage request = Ask("account", token);
            using HttpResponseMessage response = _control.Send(request);
            if (response.StatusCode == System.Net.HttpStatusCode.Forbidden)
            {
                return;
            }
        }
        throw new TimeoutException($"no block within {s_patience}");
    }

    /// <summary>Forgets counters, requests and quota; keeps data and tokens.</summary>
    public void Reset() => Send(HttpMethod.Post, "reset", null);

    /// <summary>Replaces the fault rules, given as JSON.</summary>
    public void Faults(params string[] rules) => Send(HttpMethod.Put, "faults", $"[{string.Join(',', rules)}]");

    /// <summary>The names of all faults that it knows, as it lists them to whoever asks for another.</summary>
    public IReadOnlyList<string> FaultNames()
    {
        try
        {
            Faults(Fault.On("GET /", "\"?\""));
        }
        catch (InvalidOperationException refused)
        {
            return [.. refused.Message.Split('`')[3..].Where((_, number) => number % 2 == 0)];
        }
        throw new InvalidOperationException("the simulator knows a fault «?»");
    }

    /// <summary>Changes settings, given as the inside of a JSON object.</summary>
    public void Configure(string settings) => Send(HttpMethod.Patch, "config", $"{{{settings}}}");

    /// <summary>Makes every token issued so far invalid.</summary>
    public void RevokeTokens() => Send(HttpMethod.Post, "tokens/revoke", null);

    /// <summary>Adds a key, or replaces its secret.</summary>
    public void SetKey(string key, string secret) =>
        Send(HttpMethod.Post, "keys", new JsonObject { ["key"] = key, ["secret"] = secret }.ToJsonString());

    /// <summary>
    /// Returns as soon as a request has arrived for which <paramref name="wanted"/> holds, answered or not. Each look
    /// is a round trip to the simulator; there is no other clock in it.
    /// </summary>
    public void WaitFor(Func<Received, bool> wanted) => WaitFor(1, wanted);

    /// <summary>Returns as soon as so many such requests have arrived.</summary>
    public void WaitFor(int count, Func<Received, bool> wanted)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (waited.Elapsed < s_patience)
        {
            if (Requests().Count(wanted) >= count)
            {
                return;
            }
        }
        throw new TimeoutException($"no such request within {s_patience}: {string.Join("; ", Requests())}");
    }

    /// <summary>
    /// What arrives within a second of its own clock, from now on: it is asked for something that it answers a second
    /// later. Forgets the fault rules.
    /// </summary>
    public IReadOnlyList<Received> ArriveWithinASecond()
    {
        Faults(Fault.On("GET /v2/system/status", Fault.Delay(1000), times: 1));
        int before = Requests().Count;
        using HttpRequestMessage request = new(HttpMethod.Get, Url + "/api/v2/system/status");
        Body(request);
        return [.. Requests().Skip(before).Where(received => received.Path != "/api/v2/system/status")];
    }

    /// <summary>Ends it at once, with all its connections.</summary>
    public void Kill()
    {
        _isEnded = true;
        _process.Kill();
    }

    /// <exception cref="InvalidOperationException">
    /// It had ended before anybody wanted it to, or has given an answer that the service could not give.
    /// </exception>
    public void Dispose()
    {
        using (_process)
        using (_control)
        {
            if (_isEnded)
            {
                return;
            }
            if (_process.HasEnded)
            {
                throw new InvalidOperationException("the simulator ended by itself");
            }
            Dictionary<string, InvalidAnswer> invalid;
            try
            {
                invalid = Counters().InvalidAnswers;
            }
            finally
            {
                Kill();
            }
            if (invalid.Count > 0)
            {
                throw new InvalidOperationException($"unlike the description: {string.Join("; ", invalid)}");
            }
        }
    }

    private string Token()
    {
        using HttpRequestMessage login = new(HttpMethod.Post, Url + "/auth/oauth/token")
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "password"), new("username", Key), new("password", Secret),
            ]),
        };
        login.Headers.Authorization = new("Basic", Convert.ToBase64String("public-client:public"u8));
        return Text(JsonNode.Parse(Body(login))!, "access_token");
    }

    private HttpRequestMessage Ask(string path, string token, string version = "v2")
    {
        HttpRequestMessage request = new(HttpMethod.Get, $"{Url}/api/{version}/{path}");
        request.Headers.Authorization = new("Bearer", token);
        return request;
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private T Get<T>(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Control(path));
        return JsonSerializer.Deserialize<T>(Body(request), JsonSerializerOptions.Web)!;
    }

    private void Send(HttpMethod method, string path, string? json)
    {
        using HttpRequestMessage request = new(method, Control(path));
        if (json != null)
        {
            request.Content = JsonContent.Create(JsonNode.Parse(json));
        }
        Body(request);
    }

    private string Body(HttpRequestMessage request)
    {
        using HttpResponseMessage response = _control.Send(request);
        using StreamReader reader = new(response.Content.ReadAsStream());
        string body = reader.ReadToEnd();
        return response.IsSuccessStatusCode
            ? body
            : throw new InvalidOperationException(
                $"{request.Method} {request.RequestUri}: {response.StatusCode} {body}");
    }

    private string Control(string path) => $"{_controlUrl}/{path}";
}
