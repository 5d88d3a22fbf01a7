using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class AccountTests : EngineTest
{
    [Fact]
    public void The_account_is_one_request_and_one_object_as_the_api_has_it()
    {
        PSObject account = Engine.Invoke("Get-DrmmAccount").Well().One;

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(("GET", "/api/v2/account"), (call.Method, call.Path.TrimEnd('/')));
        Assert.Equal("", call.Query);
        Assert.Equal("", call.Body);
        Assert.Equal("DattoRMM.Account", account.TypeNames[0]);
        Json.AssertSame(Sim.Read("account"), account);
        Assert.Contains("ä", (string)Value(account, "name")!);
    }

    [Fact]
    public void Stray_arguments_and_stray_input_are_ignored_as_by_the_gallerys_plain_function()
    {
        PSObject account = Engine.Invoke("'stray', 7, $null | Get-DrmmAccount stray -All 1 @{ a = 1 }").Well().One;

        Assert.Equal("DattoRMM.Account", account.TypeNames[0]);
        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void Requests_say_who_sends_them()
    {
        Engine.Run("Get-DrmmAccount");

        Assert.All(Sim.Requests(), request => Assert.StartsWith("DattoRMM/", request.UserAgent));
    }
}
