using System.Collections;
using System.Management.Automation;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// A simulator and a console that knows nothing but canaries: key, secret, token, bodies, answers. Scripts find them as
/// variables, since a text that stands in a script is told by whoever shows the script's line.
/// </summary>
public sealed class SecretStage : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(0.4);

    private readonly CapturingHost _host = new();
    private readonly List<Canary> _canaries = [];
    private readonly List<string> _fields = [];

    public SecretStage()
    {
        Sim = Simulator.Start($"--devices 260 --sites 3 --window-s {s_window.TotalSeconds}");
        Engine = new Engine(_host);
        foreach (string page in new[] { "max=5&page=0", "max=250&page=1" })
        {
            _fields.AddRange(FieldsOf(page));
        }
        Engine["sim"] = Sim;
        Engine["url"] = Sim.Url;
        Engine["uid"] = Sim.Read("account/devices?max=1").GetProperty("devices")[0].GetProperty("uid").GetString();
        Engine["siteUid"] = Sim.Read("account/sites?max=1").GetProperty("sites")[0].GetProperty("uid").GetString();
        Engine["alertUid"] =
            Sim.Read("account/alerts/open?max=1").GetProperty("alerts")[0].GetProperty("alertUid").GetString();
        Answer = Put("answer", "answer");
        Token = Put("token", "token");
        Put("wrong", "wrongsecret");
        Canary field = Put("field", "field");
        Canary variable = Put("value", "variable");
        Engine["udf"] = new Hashtable { ["udf1"] = field.Value };
        Engine["json"] = $"{{\"value\":\"{variable}\"}}";
        Engine.Run("$variable = [pscustomobject]@{ name = 'x'; value = $value; masked = $true }");
        Canary password = Put("proxyPassword", "proxypassword");
        Engine["userInfo"] = "user:" + Uri.EscapeDataString(password.Value);
    }

    public Simulator Sim { get; }

    public Engine Engine { get; }

    /// <summary>For answers of the simulator.</summary>
    public Canary Answer { get; }

    /// <summary>For answers of the token endpoint.</summary>
    public Canary Token { get; }

    /// <summary>
    /// Connects with a key and a secret of its own, so that no account of an earlier scene is met: scripts find them
    /// as <c>$key</c> and <c>$secret</c>.
    /// </summary>
    public void Connect()
    {
        Sim.Faults();
        Canary key = Put("key", "key");
        Canary secret = Put("secret", "secret");
        Sim.SetKey(key.Value, secret.Value);
        Engine.Run("Connect-DrmmApi -Url $url -Key $key -SecretKey $secret; $null = Get-DrmmQuota; $Error.Clear()");
        Sim.Reset();
    }

    /// <summary>
    /// Runs a script, and gives what it told of what it must not: names of canaries, and values of the simulator's own
    /// fields.
    /// </summary>
    public IReadOnlyList<string> Play(string script, out Outcome outcome)
    {
        int before = _host.Text.Length;
        outcome = Engine.Invoke(script);
        Engine.Invoke("$Error | Out-Default");
        string told = string.Join('\n', [
            outcome.AllText, _host.Text[before..],
            .. ((ArrayList)Engine["Error"]!).OfType<ErrorRecord>().Select(ErrorText.Of),
            .. ((ArrayList)Engine["Error"]!).OfType<Exception>(),
        ]);
        Engine.Run("$Error.Clear()");
        return LeaksIn(told);
    }

    /// <summary>A text with canaries in place of <c>{answer}</c>, <c>{token}</c> and <c>{escaped}</c>.</summary>
    public string Fill(string text) => text
        .Replace("{answer}", Answer.Value)
        .Replace("{token}", Token.Value)
        .Replace("{escaped}", Uri.EscapeDataString(Answer.Value));

    /// <summary>What a text tells of what it must not.</summary>
    public IReadOnlyList<string> LeaksIn(string told) =>
    [
        .. _canaries.Where(canary => canary.IsIn(told)).Select(canary => canary.Name),
        .. Canary.Find(_fields, told),
        // A token of the simulator, in whatever form: they all begin so.
        .. Canary.Find(["eyJhbGciOi", "Bearer ", "public-client"], told),
    ];

    public void Dispose()
    {
        Engine.Invoke("Disconnect-DrmmApi");
        Engine.Dispose();
        Sim.Dispose();
    }

    private Canary Put(string variable, string name)
    {
        Canary canary = Canary.For(name);
        _canaries.Add(canary);
        Engine[variable] = canary.Value;
        return canary;
    }

    /// <summary>The values of user-defined fields that are long enough not to turn up by chance.</summary>
    private IEnumerable<string> FieldsOf(string page) =>
        from device in Sim.Read($"account/devices?{page}").GetProperty("devices").EnumerateArray()
        from field in device.GetProperty("udf").EnumerateObject()
        where field.Value.ValueKind == System.Text.Json.JsonValueKind.String && field.Value.GetString()!.Length >= 8
        select field.Value.GetString();
}
