using System.Collections;
using System.Management.Automation;
using System.Net;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// A simulator and a console that knows nothing but canaries: key, secret, token, bodies, answers. Scripts find them as
/// variables, since a text that stands in a script is told by whoever shows the script's line.
/// </summary>
public sealed class SecretStage : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(0.1);

    private readonly CapturingHost _host = new();
    private readonly List<Canary> _canaries = [];

    public SecretStage()
    {
        Sim = Simulator.Start($"--devices 260 --sites 3 --window-s {s_window.TotalSeconds}");
        Engine = new Engine(_host);
        Engine["sim"] = Sim;
        Engine["url"] = Sim.Url;
        Answer = Put("answer", "answer");
        Token = Put("token", "token");
        Put("wrong", "wrongsecret");
        Put("field", "field");
        Put("value", "variable");
        Engine["userInfo"] = "user:" + Uri.EscapeDataString(Put("proxyPassword", "proxypassword").Value);
        Connect();
        // The simulator gives back what was set: in the first device and the last, and in a variable.
        Engine.Run("""
            $udf = @{ udf1 = $field; udf2 = '' }
            $variable = [pscustomobject]@{ name = 'x'; value = $value; masked = $false }
            $json = "{""name"":""y"",""value"":""$value"",""masked"":false}"
            $component = 'Run a Command [WIN]'
            $siteUid = (Get-DrmmSite)[0].uid
            $alertUid = (Get-DrmmAlert)[0].alertUid
            $devices = Get-DrmmDevice
            $uid = $devices[0].uid
            foreach ($device in $devices[0, -1]) {
                Invoke-DrmmApi "v2/device/$($device.uid)/udf" -Method POST -Body $udf
            }
            Invoke-DrmmApi v2/account/variable -Method PUT -Body $variable
            $variableId = (Invoke-DrmmApi v2/account/variables -All | Where-Object name -eq x).id
            """);
    }

    public Simulator Sim { get; }

    public Engine Engine { get; }

    /// <summary>For answers of the simulator.</summary>
    public Canary Answer { get; }

    /// <summary>For answers of the token endpoint.</summary>
    public Canary Token { get; }

    /// <summary>
    /// Connects with a key and a secret of its own, so that no account of an earlier scene is met: scripts find them
    /// as <c>$key</c> and <c>$secret</c>, and both as <c>$credential</c>.
    /// </summary>
    public void Connect()
    {
        Sim.Faults();
        // Ends a block of this address, too.
        Sim.Reset();
        Canary key = Put("key", "key");
        Canary secret = Put("secret", "secret");
        Sim.SetKey(key.Value, secret.Value);
        Engine["credential"] = new PSCredential(key.Value, new NetworkCredential("", secret.Value).SecurePassword);
        Engine.Run("Connect-DrmmApi -Url $url -Key $key -SecretKey $secret; $null = Get-DrmmQuota; $Error.Clear()");
        Sim.Reset();
    }

    /// <summary>
    /// Runs a script, and gives what it told of what it must not: names of canaries, and parts of
    /// tokens.
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
}
