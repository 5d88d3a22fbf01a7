using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>The server's status, its limits, and the user's key.</summary>
public sealed class SystemTests : EngineTest
{
    private const string Keys = """{"apiAccessKey":"NEWKEY","apiSecretKey":"canary-secret","userName":"a.müller"}""";

    public SystemTests() => Sim.Reset();

    [Fact]
    public void The_status_says_what_runs_since_when()
    {
        Engine.Run("$status = Get-DrmmSystemStatus");

        Assert.Equal("GET /api/v2/system/status", Assert.Single(Sim.Calls()).Line);
        PSObject status = (PSObject)Engine["status"]!;
        Assert.Equal(("DattoRMM.SystemStatus", "OK"), (status.TypeNames[0], Value(status, "status")));
        Assert.IsType<DateTime>(Engine.Invoke("$status.GetTime('started')").Well().One.BaseObject);
    }

    [Fact]
    public void The_size_of_pages_can_be_read()
    {
        Assert.Equal(250L, Value(Engine.Invoke("Invoke-DrmmApi v2/system/pagination").Well().One, "max"));
    }

    [Fact]
    public void New_keys_come_once_as_an_object_and_in_no_message()
    {
        Sim.Faults(Fault.On("POST /v2/user/resetApiKeys", Fault.Answer(Keys)));

        Outcome outcome = Engine.Invoke("Reset-DrmmApiKey -Verbose -Debug").Well();

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(("POST /api/v2/user/resetApiKeys", ""), (call.Line, call.Body));
        Assert.Equal("DattoRMM.ApiKey", outcome.One.TypeNames[0]);
        Assert.Equal(
            ["apiAccessKey", "apiSecretKey", "userName"], outcome.One.Properties.Select(property => property.Name));
        Assert.Equal("canary-secret", Value(outcome.One, "apiSecretKey"));
        Assert.NotEmpty(outcome.Verbose);
        Assert.DoesNotContain("canary-secret", outcome.AllText);
        Assert.DoesNotContain("NEWKEY", outcome.AllText);
    }

    [Fact]
    public void The_connection_stays_and_says_what_to_do_when_its_token_is_no_longer_accepted()
    {
        Sim.Faults(Fault.On("POST /v2/user/resetApiKeys", Fault.Answer(Keys)));
        Engine.Run("$null = Reset-DrmmApiKey; $null = Get-DrmmAccount");

        Sim.Faults();
        Sim.SetKey(Sim.Key, "another-secret");
        Sim.RevokeTokens();

        Assert.StartsWith("DrmmAuthentication,", Engine.Invoke("Get-DrmmAccount").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void What_if_says_that_the_users_own_key_would_be_replaced()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);
        Sim.Reset();

        engine.Run("Reset-DrmmApiKey -WhatIf");

        Assert.Contains("Replace key and secret key", host.Text);
        Assert.Contains("this connection's user", host.Text);
        Assert.Empty(Sim.Requests());
    }
}
