using System.Net;
using System.Net.Sockets;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Logins from the environment, in processes that have one; the private methods run there.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly Simulator _sim = Simulator.Start();

    public void Dispose() => _sim.Dispose();

    [Fact]
    public void Key_and_secret_are_taken_from_the_environment()
    {
        Assert.Equal(["", "ok"], Child.Run(
            Connect, ["-Url", _sim.Url], ("DRMM_API_KEY", _sim.Key), ("DRMM_API_SECRET", _sim.Secret)));
    }

    [Fact]
    public void What_is_given_wins_over_the_environment()
    {
        Assert.Equal(["", "ok"], Child.Run(
            Connect,
            ["-Url", _sim.Url, "-Key", _sim.Key, "-SecretKey", _sim.Secret],
            ("DRMM_API_KEY", "another"), ("DRMM_API_SECRET", "another"), ("DRMM_API_URL", "https://api.example")));
    }

    [Fact]
    public void A_foreign_url_of_the_environment_is_refused_and_nothing_is_sent()
    {
        string[] urls =
        [
            _sim.Url,
            "https://api.example",
            "https://merlot-api.centrastage.net.example",
            "http://merlot-api.centrastage.net",
            "https://merlot-api.centrastage.net:8443",
            "https://merlot-api.centrastage.net@api.example",
        ];

        IReadOnlyList<string> lines = Child.Run(
            ConnectToEach, urls, ("DRMM_API_KEY", _sim.Key), ("DRMM_API_SECRET", _sim.Secret));

        Assert.Equal(2 * urls.Length, lines.Count);
        Assert.All(lines.Chunk(2), pair =>
        {
            Assert.StartsWith("InvalidArgument: ", pair[0]);
            Assert.Contains("DRMM_API_URL", pair[0]);
            Assert.Equal("ConnectionError", pair[1]);
        });
        Assert.Empty(_sim.Requests());
    }

    [Theory]
    [InlineData("DRMM_API_KEY")]
    [InlineData("DRMM_API_SECRET")]
    public void Half_a_login_is_an_error_that_names_the_variables(string missing)
    {
        IReadOnlyList<string> lines = Child.Run(
            Connect, ["-Url", _sim.Url],
            missing == "DRMM_API_KEY" ? ("DRMM_API_SECRET", _sim.Secret) : ("DRMM_API_KEY", _sim.Key));

        Assert.StartsWith("InvalidArgument: ", lines[0]);
        Assert.Contains(missing, lines[0]);
        Assert.DoesNotContain(_sim.Secret, lines[0]);
        Assert.Empty(_sim.Requests());
    }

    [Theory]
    [InlineData("DRMM_API_PLATFORM", "Pinotage", "pinotage-api.centrastage.net:443")]
    [InlineData("DRMM_API_URL", "https://merlot-api.centrastage.net/", "merlot-api.centrastage.net:443")]
    public async Task A_platform_of_the_environment_is_where_the_login_goes(
        string name, string value, string destination)
    {
        // A proxy is asked for the platform's host by name, so the test needs no network.
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        Task<string> asked = Refusal.FirstLineAsync(proxy);

        IReadOnlyList<string> lines = await Task.Run(() => Child.Run(
            Connect, ["-Proxy", $"http://{proxy.LocalEndpoint}"],
            (name, value), ("DRMM_API_KEY", "key"), ("DRMM_API_SECRET", "canary-secret")));

        Assert.Equal($"CONNECT {destination} HTTP/1.1", await asked);
        Assert.StartsWith("ConnectionError: ", lines[0]);
        Assert.DoesNotContain("canary-secret", lines[0]);
    }

    /// <summary>Connects with these arguments; gives the error's category and text, and how a command fares.</summary>
    private static IEnumerable<string> Connect(string[] arguments)
    {
        using Engine engine = new();
        // Names and values in turn.
        engine["given"] = arguments.Chunk(2).ToDictionary(pair => pair[0][1..], pair => pair[1]);
        Outcome login = engine.Invoke("$given = [hashtable] $given; Connect-DrmmApi @given");
        yield return string.Join('\n', login.Errors.Select(error => $"{error.CategoryInfo.Category}: {error}"));
        Outcome account = engine.Invoke("Get-DrmmAccount");
        yield return account.Errors.Count == 0 ? "ok" : account.Error.CategoryInfo.Category.ToString();
    }

    /// <summary>As <see cref="Connect"/>, with each of these URLs in the environment.</summary>
    private static IEnumerable<string> ConnectToEach(string[] urls) =>
        urls.SelectMany(url =>
        {
            Environment.SetEnvironmentVariable("DRMM_API_URL", url);
            return Connect([]).ToArray();
        });
}
