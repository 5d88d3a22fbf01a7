using System.Net;
using System.Net.Sockets;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Proxies that a script names in <c>$env:</c>, in processes that have an environment of their own.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Host = "drmm.invalid";

    private readonly Simulator _sim = Simulator.Start();

    public void Dispose() => _sim.Dispose();

    [Theory]
    [InlineData("HTTPS_PROXY={proxy}")]
    [InlineData("https_proxy={proxy}")]
    [InlineData("ALL_PROXY={proxy}")]
    [InlineData("all_proxy={proxy}")]
    [InlineData("HTTPS_PROXY={bare}")]
    [InlineData("HTTPS_PROXY={proxy};ALL_PROXY=http://127.0.0.1:1")]
    [InlineData("HTTPS_PROXY={proxy};NO_PROXY=another.invalid, .drmm, rmm.invalid")]
    public async Task A_proxy_that_the_script_names_is_asked(string variables)
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        Task<string> asked = Refusal.FirstLineAsync(proxy);

        await Task.Run(() => Connect($"https://{Host}", variables, proxy));

        Assert.True(asked.IsCompleted, "the proxy was not asked");
        Assert.Equal($"CONNECT {Host}:443 HTTP/1.1", await asked);
    }

    [Theory]
    [InlineData("HTTPS_PROXY={proxy}", "")]
    [InlineData("NO_PROXY=*", "{proxy}")]
    [InlineData("HTTPS_PROXY=http://127.0.0.1:1", "{proxy}")]
    public async Task A_proxy_gets_its_name_and_password_from_the_environment_and_from_the_parameter(
        string variables, string parameter)
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        Task<IReadOnlyList<string>> asked = Refusal.HeadAsync(proxy);

        await Task.Run(() => Connect(
            $"https://{Host}", variables, proxy, parameter, userInfo: "some%20one:p%40ss%2Fw%C3%B6rd@"));

        Assert.True(asked.IsCompleted, "the proxy was not asked");
        string expected = Convert.ToBase64String("some one:p@ss/wörd"u8);
        Assert.Contains($"Proxy-Authorization: Basic {expected}", await asked, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("HTTP_PROXY={proxy}")]
    [InlineData("HTTPS_PROXY= ;ALL_PROXY=")]
    [InlineData("HTTPS_PROXY={proxy};NO_PROXY=*")]
    [InlineData("HTTPS_PROXY={proxy};NO_PROXY=another.invalid,DRMM.invalid")]
    [InlineData("ALL_PROXY={proxy};no_proxy=.invalid")]
    [InlineData("HTTPS_PROXY={proxy};NO_PROXY=.drmm.invalid")]
    public void A_proxy_that_is_not_for_this_host_is_not_asked(string variables)
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();

        IReadOnlyList<string> lines = Connect($"https://{Host}", variables, proxy);

        // There is no such host, so that the direct way ends in its own error.
        Assert.StartsWith("ConnectionError: ", lines[0]);
        Assert.False(proxy.Pending());
    }

    [Theory]
    [InlineData("HTTPS_PROXY={proxy}")]
    [InlineData("ALL_PROXY={proxy}")]
    public void This_machine_is_reached_without_a_proxy(string variables)
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();

        Assert.Equal([""], Connect(_sim.Url, variables, proxy));

        Assert.False(proxy.Pending());
    }

    [Fact]
    public void A_proxy_that_is_none_is_refused_without_a_word_of_its_password()
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);

        IReadOnlyList<string> lines = Connect($"https://{Host}", "HTTPS_PROXY=no://user:canary-pw@:x:y", proxy);

        Assert.StartsWith("InvalidArgument: ", lines[0]);
        Assert.DoesNotContain("canary-pw", lines[0]);
    }

    private IReadOnlyList<string> Connect(
        string url, string variables, TcpListener proxy, string parameter = "", string userInfo = "")
    {
        string address = $"http://{userInfo}{proxy.LocalEndpoint}";
        return Child.Run(
            ConnectIn,
            [url, _sim.Key, _sim.Secret, parameter.Replace("{proxy}", address),
                .. variables
                    .Replace("{proxy}", address)
                    .Replace("{bare}", $"{proxy.LocalEndpoint}")
                    .Split(';')]);
    }

    /// <summary>Sets the variables as a script does, connects, and gives the errors' categories and texts.</summary>
    private static IEnumerable<string> ConnectIn(string[] arguments)
    {
        foreach (string name in new[] { "http_proxy", "https_proxy", "all_proxy", "no_proxy" })
        {
            Environment.SetEnvironmentVariable(name, null);
            Environment.SetEnvironmentVariable(name.ToUpperInvariant(), null);
        }
        using Engine engine = new();
        (engine["url"], engine["key"], engine["secret"]) = (arguments[0], arguments[1], arguments[2]);
        engine["proxy"] = arguments[3];
        foreach (string variable in arguments[4..])
        {
            string[] pair = variable.Split('=', 2);
            engine["value"] = pair[1];
            engine.Run($"$env:{pair[0]} = $value");
        }
        Outcome login = engine.Invoke("""
            $given = if ($proxy) { @{ Proxy = $proxy } } else { @{} }
            Connect-DrmmApi -Url $url -Key $key -SecretKey $secret @given
            """);
        return [string.Join('\n', login.Errors.Select(error => $"{error.CategoryInfo.Category}: {error}"))];
    }
}
