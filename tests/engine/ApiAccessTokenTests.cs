using System.Management.Automation;
using System.Net;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>A token for requests that scripts make themselves.</summary>
public sealed class ApiAccessTokenTests : EngineTest
{
    private const string TokenRoute = "POST /auth/oauth/token";

    public ApiAccessTokenTests()
    {
        Engine["credential"] = new PSCredential(Sim.Key, new NetworkCredential("", Sim.Secret).SecurePassword);
        Engine["wrong"] = new PSCredential(Sim.Key, new NetworkCredential("", "canary-secret").SecurePassword);
        Sim.Reset();
    }

    [Theory]
    [InlineData("New-ApiAccessToken -Credential $credential")]
    [InlineData("New-ApiAccessToken $credential")]
    [InlineData("New-ApiAccessToken -c $credential")]
    public void A_new_token_comes_as_text_and_is_good_for_a_request(string script)
    {
        string token = Text(script);

        Assert.Equal("POST /auth/oauth/token", Assert.Single(Sim.Requests()).Line);
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, Sim.Url + "/api/v2/account");
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = client.Send(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public void The_sessions_own_token_is_another_one()
    {
        Engine.Run("$tokens = (New-ApiAccessToken $credential), (New-ApiAccessToken $credential)");

        Assert.NotEqual(Text("$tokens[0]"), Text("$tokens[1]"));
        Engine.Run("Get-DrmmAccount");
        Assert.Equal(2, Sim.Counters().Tokens);
    }

    [Fact]
    public void A_key_that_is_not_accepted_is_told_to_the_host_first_and_then_as_an_error()
    {
        Outcome outcome = Engine.Invoke("$shown = New-ApiAccessToken $wrong 6>&1; \"$shown\"; $shown.Tags");

        Assert.StartsWith("DrmmAuthentication,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal([outcome.Error.ToString(), "PSHOST"], outcome.Texts);
        Assert.DoesNotContain("canary-secret", outcome.AllText);
        Engine.Run("Get-DrmmAccount");
    }

    [Theory]
    [InlineData("New-ApiAccessToken $null")]
    [InlineData("New-ApiAccessToken ''")]
    [InlineData("New-ApiAccessToken 5")]
    [InlineData("New-ApiAccessToken @{ $canary = 1 }")]
    public void What_is_no_credential_is_refused_and_not_told(string script)
    {
        Engine["canary"] = "cage" + "bird";

        Outcome outcome = Engine.Invoke(script);

        Assert.StartsWith("DrmmInvalidArgument,", outcome.Error.FullyQualifiedErrorId);
        Assert.DoesNotContain("cagebird", ErrorText.Of(outcome.Error));
        Assert.Empty(Sim.Requests());
    }

    [Fact]
    public void Without_a_connection_nobody_is_asked()
    {
        Engine.Run("Disconnect-DrmmApi");

        Outcome outcome = Engine.Invoke("New-ApiAccessToken $credential");

        Assert.StartsWith("DrmmNotConnected,", outcome.Error.FullyQualifiedErrorId);
        Assert.Contains("Connect-DrmmApi", Assert.Single(outcome.Information));
        Assert.Empty(Sim.Requests());
    }

    [Fact]
    public void A_token_is_in_no_message()
    {
        Outcome outcome = Engine.Invoke("New-ApiAccessToken $credential -Verbose -Debug -InformationAction Continue");

        Assert.NotEmpty(outcome.Verbose);
        string token = outcome.One.ToString();
        Assert.DoesNotContain(token[..20], outcome.AllText);
        Assert.DoesNotContain(Sim.Secret, outcome.AllText);
    }

    [Fact]
    public void It_can_be_stopped()
    {
        Sim.Faults(Fault.On(TokenRoute, Fault.Delay(20_000)));
        using Running running = Engine.Start("New-ApiAccessToken $credential");
        Sim.WaitFor(request => request.IsLogin);

        running.StopInTime();
    }
}
