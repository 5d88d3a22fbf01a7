using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Secrets, tokens and the values of user-defined fields are in no message, whatever happens.</summary>
public sealed class SecretTests() : EngineTest("--devices 300 --sites 3 --window-s 0.4")
{
    private const string Canary = "canary-3f9a1c";

    /// <summary>Fates of a request whose body, or whose answer, holds what must not be told.</summary>
    public static TheoryData<string> Faults =>
    [
        Fault.Status(400), Fault.Status(401), Fault.Status(403), Fault.Status(404), Fault.Status(409),
        Fault.Status(429), Fault.Status(503), "{\"status\":400,\"body\":\"{\\\"error\\\":\\\"canary-3f9a1c\\\"}\"}",
        "\"malformedJson\"", Fault.Html, Fault.ResetInBody, "{\"cutBody\":{\"keepBytes\":3000,\"contentLength\":true}}",
        "\"cutGzip\"", "{\"answer\":\"{\\\"canary-3f9a1c\\\":\\\"canary-3f9a1c\\\",}\"}",
        "{\"answer\":\"canary-3f9a1c\"}", "\"pageLoop\"", "{\"nextPageUrl\":\"http://canary-3f9a1c@other.example/\"}",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void No_message_about_a_list_tells_what_is_in_it(string fault)
    {
        Engine.Run("$null = Get-DrmmQuota");
        Sim.Faults(Fault.On("GET /v2/account/devices", fault, page: 1));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice -Verbose -Debug");

        Assert.NotEmpty(outcome.Verbose);
        AssertTellsNothing(outcome);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void No_message_about_a_write_tells_what_was_sent(string fault)
    {
        Engine.Run("$null = Get-DrmmQuota");
        Sim.Faults(Fault.On("POST /v2/device/x/udf", fault));

        Outcome outcome = Engine.Invoke($$"""
            Invoke-DrmmApi v2/device/x/udf -Method POST -Body @{ udf1 = '{{Canary}}' } -Verbose -Debug
            """);

        Assert.Contains(Canary, Sim.Calls("device/x/udf")[0].Body);
        Assert.NotEmpty(outcome.Verbose);
        AssertTellsNothing(outcome);
    }

    [Theory]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key wrong -SecretKey canary-3f9a1c")]
    [InlineData("Connect-DrmmApi -Url http://canary-3f9a1c:x@127.0.0.1:1 -Key a -SecretKey canary-3f9a1c")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Proxy http://a:canary-3f9a1c@127.0.0.1:1 -Key a -SecretKey b")]
    public void No_message_about_a_login_tells_the_secret(string script)
    {
        // A further login would use the token that is there.
        Engine.Run("Disconnect-DrmmApi");

        Outcome outcome = Engine.Invoke($"{script} -Verbose -Debug");

        AssertTellsNothing(outcome);
    }

    [Theory]
    [InlineData("{\"status\":500,\"body\":\"canary-3f9a1c\"}")]
    [InlineData("{\"answer\":\"canary-3f9a1c\"}")]
    [InlineData("{\"answer\":\"{\\\"access_token\\\":\\\"canary-3f9a1c\\\",\\\"expires_in\\\":\\\"x\\\"}\"}")]
    [InlineData("{\"answer\":\"{\\\"access_token\\\":\\\"canary-3f9a1c \\\\u000a\\\",\\\"expires_in\\\":100}\"}")]
    public void No_message_about_a_broken_login_tells_the_token(string fault)
    {
        // A further login would use the token that is there.
        Engine.Run("Disconnect-DrmmApi");
        Sim.Faults(Fault.On("POST /auth/oauth/token", fault));

        Outcome outcome = Engine.Invoke(
            "Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -Verbose; Get-DrmmAccount -Verbose");

        Assert.NotEmpty(outcome.Errors);
        AssertTellsNothing(outcome);
    }

    [Fact]
    public void A_body_that_cannot_be_sent_is_refused_without_its_values()
    {
        Outcome outcome = Engine.Invoke($$"""
            $deep = @{ value = '{{Canary}}' }; $deep.self = $deep
            Invoke-DrmmApi v2/x -Method POST -Body $deep
            Invoke-DrmmApi v2/x -Method POST -Body @{ value = '{{Canary}}'; number = [double]::NaN }
            Invoke-DrmmApi v2/x -Method POST -Body @{ value = '{{Canary}}'; script = { 1 }; type = [string] }
            """);

        Assert.Equal(3, outcome.Errors.Count);
        Assert.All(outcome.Errors, error => Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId));
        Assert.Empty(Sim.Calls());
        AssertTellsNothing(outcome);
    }

    private void AssertTellsNothing(Outcome outcome)
    {
        Sim.Faults();
        string text = outcome.AllText;
        Assert.DoesNotContain(Canary, text);
        Assert.DoesNotContain(Sim.Secret, text);
        // A token, in whatever form: they all begin so.
        Assert.DoesNotContain("Bearer", text);
        Assert.DoesNotContain("eyJ", text);
        foreach (string value in UserDefinedValues())
        {
            Assert.DoesNotContain(value, text);
        }
    }

    /// <summary>The values of user-defined fields that are long enough not to turn up by chance.</summary>
    private IEnumerable<string> UserDefinedValues() =>
        from device in Sim.Read("account/devices?max=250&page=1").GetProperty("devices").EnumerateArray()
        from field in device.GetProperty("udf").EnumerateObject()
        where field.Value.ValueKind == JsonValueKind.String && field.Value.GetString()!.Length >= 8
        select field.Value.GetString();
}
