using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What a further login leaves of the connection before it.</summary>
public sealed class ReconnectTests() : EngineTest("--devices 20 --sites 3")
{
    [Fact]
    public void The_same_login_again_uses_the_token_that_is_there()
    {
        Engine.Connect(Sim);
        Engine.Connect(Sim);

        Assert.Single(Engine.Run("Get-DrmmAccount"));
        Assert.Equal(1, Sim.Counters().Tokens);
    }

    [Fact]
    public void A_failed_login_ends_the_former_session_and_its_token()
    {
        Engine.Invoke("Connect-DrmmApi -Url 'not a url' -Key x -SecretKey y");
        Engine.Connect(Sim);

        Assert.Equal(2, Sim.Counters().Tokens);
    }

    [Theory]
    [InlineData("-Url $sim.Url -Kye canary-1 -SecretKey canary-2", "-Kye")]
    [InlineData("-Url $sim.Url -Key canary-1 -Secrt canary-2", "-Secrt")]
    [InlineData("-Url $sim.Url -Key canary-1 -Secrt:canary-2", "-Secrt")]
    [InlineData("-Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -Proxi canary-1", "-Proxi")]
    [InlineData("@wrong", "-Kye")]
    [InlineData("$sim.Url canary-1 canary-2", "no parameter takes")]
    [InlineData("-Url $sim.Url '-canary-1'", "no parameter takes")]
    [InlineData("-Url $sim.Url $null", "no parameter takes")]
    [InlineData("-Url $sim.Url -Key canary-1", "-SecretKey")]
    [InlineData("-Url $sim.Url -SecretKey canary-1", "-Key")]
    public void A_login_that_is_misspelt_is_an_invalid_argument_and_forgets_the_former_customer(
        string arguments, string named)
    {
        Engine.Run("$wrong = @{ Url = $sim.Url; Kye = 'canary-1'; SecretKey = 'canary-2' }");
        Sim.Reset();

        ErrorRecord error = Engine.Invoke($"Connect-DrmmApi {arguments}").Error;

        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Contains(named, error.ToString());
        Assert.DoesNotContain("canary", error.ToString());
        Assert.StartsWith("DrmmNotConnected,", Engine.Invoke("Get-DrmmAccount").Error.FullyQualifiedErrorId);
        Assert.Empty(Sim.Requests());
    }
}
