using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using DattoRMM.Client;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Answers that are as the protocol allows, and meant to hurt.</summary>
public sealed class HostileAnswerTests() : EngineTest("--devices 0 --sites 1")
{
    [Theory]
    [InlineData("psobject")]
    [InlineData("PSTypeNames")]
    [InlineData("psbase")]
    [InlineData("psadapted")]
    [InlineData("psextended")]
    [InlineData("Count")]
    [InlineData("ToString")]
    [InlineData("GetTime")]
    [InlineData("a\\u0000b")]
    [InlineData("*")]
    [InlineData("a b`c$d[0]")]
    public void A_field_may_have_any_name(string name)
    {
        Sim.Faults(Fault.On("GET /v2/any", Fault.Answer($$"""{"a":1,"{{name}}":{"x":1,"y":2},"b":2}""")));

        PSObject value = Engine.Invoke("($v = Invoke-DrmmApi v2/any)").Well().One;

        Assert.Equal(
            ["a", name.Replace("\\u0000", "\0"), "b"], value.Properties.Select(property => property.Name));
        Assert.Equal("1 2", Text("\"$($v.a) $($v.b)\""));
        Assert.Equal(2L, Assert.IsType<PSObject>(value.Properties.ElementAt(1).Value).Properties["y"].Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    public void An_integer_may_have_a_thousand_digits_and_no_more(string sign)
    {
        string digits = sign + new string('7', 1_000);
        Sim.Faults(
            Fault.On("GET /v2/most", Fault.Answer($$"""{"n":{{digits}}}""")),
            Fault.On("GET /v2/more", Fault.Answer($$"""{"n":{{digits}}7}""")),
            Fault.On("GET /v2/many", Fault.Answer($$"""{"n":{{sign + new string('7', 1_000_000)}}}""")));

        Assert.Equal(BigInteger.Parse(digits), Value(Engine.Invoke("Invoke-DrmmApi v2/most").Well().One, "n"));
        foreach (string path in new[] { "v2/more", "v2/many" })
        {
            ErrorRecord error = Engine.Invoke($"Invoke-DrmmApi {path}").Error;
            Assert.StartsWith("DrmmMalformedAnswer,", error.FullyQualifiedErrorId);
            // It is the server's fault and not the installation's.
            Assert.DoesNotContain("install", error.ToString());
        }
    }

    [Theory]
    [InlineData("60", 60)]
    [InlineData("18446744073709551615", double.PositiveInfinity)]
    [InlineData("922337203685478", double.PositiveInfinity)]
    public void A_server_may_ask_for_any_time_to_wait(string retryAfter, double seconds)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Thread server = new(() => Serve(listener, $"404 Not Found\r\nRetry-After: {retryAfter}")) { IsBackground = true };
        server.Start();
        Engine["url"] = $"http://{listener.LocalEndpoint}";

        Engine.Run("Connect-DrmmApi -Url $url -Key key -SecretKey secret");
        ErrorRecord error = Engine.Invoke("Invoke-DrmmApi v2/any").Error;

        Assert.StartsWith("DrmmNotFound,", error.FullyQualifiedErrorId);
        TimeSpan expected = double.IsInfinity(seconds) ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        Assert.Equal(expected, Assert.IsType<DrmmException>(error.Exception).RetryAfter);
    }

    /// <summary>Gives a token, and then this answer to everything.</summary>
    private static void Serve(TcpListener listener, string answer)
    {
        const string Token = """{"access_token":"t","token_type":"bearer","expires_in":360000}""";
        try
        {
            while (true)
            {
                using TcpClient client = listener.AcceptTcpClient();
                using NetworkStream stream = client.GetStream();
                byte[] bytes = new byte[1 << 16];
                StringBuilder request = new();
                while (!IsWhole(request.ToString()))
                {
                    int read = stream.Read(bytes);
                    if (read == 0)
                    {
                        throw new IOException("the client has gone in the middle of a request");
                    }
                    request.Append(Encoding.ASCII.GetString(bytes, 0, read));
                }
                bool isLogin = request.ToString().StartsWith("POST /auth/", StringComparison.Ordinal);
                string body = isLogin ? Token : "";
                stream.Write(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {(isLogin ? "200 OK" : answer)}\r\nConnection: close\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            }
        }
        catch (Exception fault) when (fault is SocketException or IOException or InvalidOperationException)
        {
            // The test is over, and a listener that was stopped says so in one of these ways.
        }
    }

    private static bool IsWhole(string request)
    {
        string[] parts = request.Split("\r\n\r\n", 2);
        string? length = parts[0].Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return parts.Length == 2 && parts[1].Length >= int.Parse(length?.Split(':')[1] ?? "0");
    }
}
