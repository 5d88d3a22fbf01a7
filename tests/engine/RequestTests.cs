using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class RequestTests() : EngineTest("--devices 600 --sites 3")
{
    [Theory]
    [InlineData("Invoke-DrmmApi v2/account")]
    [InlineData("Invoke-DrmmApi /v2/account")]
    [InlineData("Invoke-DrmmApi -Path v2/account -Method GET")]
    public void A_path_gives_its_answer_as_an_object(string script)
    {
        PSObject account = Engine.Invoke(script).Well().One;

        Assert.Equal("GET /api/v2/account", Assert.Single(Sim.Calls()).Line);
        Json.AssertSame(Sim.Read("account"), account);
    }

    [Fact]
    public void A_query_is_encoded_and_appended_in_the_order_of_an_ordered_table()
    {
        Engine.Run("Invoke-DrmmApi v2/account/devices -Query ([ordered]@{ hostname = 'ä&b=c d'; max = 2; page = 1 })");

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal("hostname=%C3%A4%26b%3Dc%20d&max=2&page=1", call.Query);
    }

    [Fact]
    public void All_reads_every_page_of_a_list()
    {
        Assert.Equal(600, Engine.Run("Invoke-DrmmApi v2/account/devices -All").Count);
        Assert.Equal(["0", "1", "2"], Sim.Calls().Select(call => call["page"]).Order());

        Assert.Equal(600, Engine.Run("Invoke-DrmmApi v2/account/devices -All -Items devices").Count);
        Assert.NotEmpty(Engine.Run("Invoke-DrmmApi v2/account/alerts/open -All"));
    }

    [Fact]
    public void Raw_gives_the_answers_text()
    {
        string text = Text("Invoke-DrmmApi v2/account -Raw");

        Assert.Equal(Sim.Read("account").GetRawText(), JsonDocument.Parse(text).RootElement.GetRawText());
    }

    [Theory]
    [InlineData("New-ApiRequest GET /v2/account")]
    [InlineData("New-ApiRequest -apiMethod GET -apiRequest '/v2/account'")]
    public void The_gallerys_request_gives_the_answers_text(string script)
    {
        string text = Text(script);

        Assert.Equal("GET /api/v2/account", Assert.Single(Sim.Calls()).Line);
        Assert.Equal(Sim.Read("account").GetRawText(), text);
    }

    [Fact]
    public void The_gallerys_request_takes_the_query_as_written()
    {
        Text("New-ApiRequest GET '/v2/account/devices?max=3&page=2&hostname=%C3%A4'");

        Assert.Equal(
            "GET /api/v2/account/devices?max=3&page=2&hostname=%C3%A4", Assert.Single(Sim.Calls()).Line);
    }

    [Theory]
    [InlineData("New-ApiRequest POST /v2/new '{\"name\":\"Gebäude «7»\"}'", "POST")]
    [InlineData("New-ApiRequest PUT /v2/new '{\"name\":\"Gebäude «7»\"}'", "PUT")]
    [InlineData("Invoke-DrmmApi v2/new -Method PUT -Body '{\"name\":\"Gebäude «7»\"}'", "PUT")]
    [InlineData("Invoke-DrmmApi v2/new -Method POST -Body @{ name = 'Gebäude «7»' }", "POST")]
    [InlineData("Invoke-DrmmApi v2/new -Method POST -Body ([pscustomobject]@{ name = 'Gebäude «7»' }) -Raw", "POST")]
    public void A_body_goes_out_as_json_in_utf_8(string script, string method)
    {
        Sim.Faults(Fault.On($"{method} /v2/new", Fault.Answer("{\"ok\":true}")));

        Engine.Invoke(script).Well();

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal($"{method} /api/v2/new", call.Line);
        Assert.Equal("{\"name\":\"Gebäude «7»\"}", call.Body);
        Assert.StartsWith("application/json", call.ContentType);
    }

    [Fact]
    public void A_body_keeps_the_order_and_the_kinds_of_its_values()
    {
        Sim.Faults(Fault.On("POST /v2/new", Fault.NoContent));

        Assert.Empty(Engine.Run("""
            Invoke-DrmmApi v2/new -Method POST -Body ([ordered]@{
                text = "a`"b\"; whole = 7; fraction = 1.5; yes = $true; no = $null; list = 1, 'two', @{ three = 3 }
                empty = @(); nested = [pscustomobject]@{ z = 1; a = 2 }
            })
            """));

        const string Expected = """
            {"text":"a\"b\\","whole":7,"fraction":1.5,"yes":true,"no":null,"list":[1,"two",{"three":3}],"empty":[],
            """ + """
            "nested":{"z":1,"a":2}}
            """;
        Assert.Equal(Expected, Assert.Single(Sim.Calls()).Body);
    }

    [Theory]
    [InlineData("Invoke-DrmmApi v2/../../auth")]
    [InlineData("Invoke-DrmmApi 'v2/a b'")]
    [InlineData("Invoke-DrmmApi v2/x -Query @{ a = $null }")]
    [InlineData("Invoke-DrmmApi v2/x -Query @{ a = @() }")]
    [InlineData("Invoke-DrmmApi v2/x -Query @{ a = @{ b = 1 } }")]
    [InlineData("Invoke-DrmmApi v2/x -Body @{ a = 1 }")]
    [InlineData("Invoke-DrmmApi v2/account/sites -All -Method POST")]
    [InlineData("New-ApiRequest GET 'v2/account#x'")]
    public void What_cannot_be_sent_is_refused_and_nothing_is_sent(string script)
    {
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Invoke-DrmmApi v2/account -Method PATCH")]
    [InlineData("New-ApiRequest PATCH /v2/account")]
    public void A_method_that_the_api_does_not_know_is_refused(string script)
    {
        Assert.Equal(ErrorCategory.InvalidData, Engine.Invoke(script).Error.CategoryInfo.Category);
        Assert.Empty(Sim.Calls());
    }
}
