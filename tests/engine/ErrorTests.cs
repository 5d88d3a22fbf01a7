using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class ErrorTests : EngineTest
{
    private const string Unknown = "ffffffff-0000-4000-8000-000000000000";

    public ErrorTests()
        : base("--devices 20 --sites 3 --window-s 0.4") =>
        // The client learns the short window, so that a 429 costs a tenth of a second.
        Engine.Run("$null = Get-DrmmQuota; $uid = (Get-DrmmDevice)[0].uid");

    [Theory]
    [InlineData(400, "DrmmRejected", ErrorCategory.InvalidArgument, 1)]
    [InlineData(403, "DrmmForbidden", ErrorCategory.PermissionDenied, 1)]
    [InlineData(404, "DrmmNotFound", ErrorCategory.ObjectNotFound, 1)]
    [InlineData(409, "DrmmConflict", ErrorCategory.ResourceExists, 1)]
    [InlineData(422, "DrmmRejected", ErrorCategory.InvalidArgument, 1)]
    [InlineData(500, "DrmmServer", ErrorCategory.ResourceUnavailable, 4)]
    [InlineData(503, "DrmmServer", ErrorCategory.ResourceUnavailable, 4)]
    public void A_status_has_its_id_category_and_number_of_attempts(
        int status, string id, ErrorCategory category, int attempts)
    {
        Sim.Reset();
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Status(status)));

        ErrorRecord error = Engine.Invoke("Get-DrmmDevice $uid").Error;

        Assert.Equal($"{id},DattoRMM.Commands.GetDrmmDeviceCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(Engine["uid"], error.TargetObject.ToString());
        DrmmException fault = Assert.IsType<DrmmException>(error.Exception);
        Assert.Equal((status, "GET"), (fault.StatusCode, fault.Method));
        Assert.Contains((string)Engine["uid"]!, fault.Path);
        Assert.Equal(attempts, Sim.Calls().Count);
    }

    [Fact]
    public void A_limit_that_stays_reached_is_given_up_at_last()
    {
        Sim.Configure("\"windowS\": 0.1");
        Engine.Run("$null = Get-DrmmQuota");
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Status(429)));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice $uid");

        Assert.Equal("DrmmRateLimited,DattoRMM.Commands.GetDrmmDeviceCommand", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.LimitsExceeded, outcome.Error.CategoryInfo.Category);
        Assert.Equal(429, Assert.IsType<DrmmException>(outcome.Error.Exception).StatusCode);
        Assert.NotEmpty(outcome.Warnings);
    }

    [Theory]
    [InlineData(Fault.Html, "DrmmMalformedAnswer", ErrorCategory.InvalidData)]
    [InlineData("\"malformedJson\"", "DrmmMalformedAnswer", ErrorCategory.InvalidData)]
    [InlineData("{\"deepJson\":10000}", "DrmmTooLarge", ErrorCategory.LimitsExceeded)]
    [InlineData(Fault.ResetInBody, "DrmmConnection", ErrorCategory.ConnectionError)]
    public void An_answer_that_is_not_what_was_asked_for_is_an_error(string fault, string id, ErrorCategory category)
    {
        Sim.Faults(Fault.On("GET /v2/account", fault));

        ErrorRecord error = Engine.Invoke("Get-DrmmAccount").Error;

        Assert.Equal($"{id},DattoRMM.Commands.GetDrmmAccountCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Fact]
    public void A_page_of_a_maintenance_is_called_what_it_is()
    {
        Sim.Faults(Fault.On("GET /v2/account", Fault.Html));

        Assert.Contains("HTML page", Engine.Invoke("Get-DrmmAccount").Error.ToString());
    }

    [Theory]
    [InlineData("Get-DrmmDevice $unknown")]
    [InlineData("Get-DrmmSite $unknown")]
    [InlineData("Get-DrmmAlert $unknown")]
    [InlineData("Get-DrmmSiteDevices $unknown")]
    [InlineData("Get-DrmmAlert -DeviceUid $unknown")]
    [InlineData("Resolve-DrmmAlert $unknown")]
    [InlineData("Set-DrmmAlertResolve $unknown")]
    public void What_is_not_there_is_named_with_its_uid(string script)
    {
        Engine["unknown"] = Unknown;

        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.StartsWith("DrmmNotFound,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal(Unknown, error.TargetObject.ToString());
        Assert.Contains(Unknown, error.ToString());
    }

    [Fact]
    public void An_error_about_a_piped_object_has_the_object_as_its_target()
    {
        Engine.Run("$device = Get-DrmmDevice $uid");
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Status(403)));

        ErrorRecord error = Engine.Invoke("$device | Get-DrmmDevice").Error;

        Assert.Same(Value((PSObject?)Engine["device"], "uid"), Value((PSObject?)error.TargetObject, "uid"));
        Assert.Equal(Engine["uid"], error.CategoryInfo.TargetName);
        Assert.DoesNotContain("@{", error.ToString());
    }

    [Fact]
    public void A_message_is_a_sentence()
    {
        Engine["unknown"] = Unknown;

        string message = Engine.Invoke("Get-DrmmDevice $unknown").Error.ToString();

        Assert.True(char.IsUpper(message[0]), message);
        Assert.EndsWith(".", message);
    }

    [Fact]
    public void A_server_that_is_gone_is_a_connection_error_that_names_it()
    {
        Sim.Kill();

        ErrorRecord error = Engine.Invoke("Get-DrmmAccount").Error;

        Assert.StartsWith("DrmmConnection,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Contains(Sim.Host, error.ToString());
    }

    [Fact]
    public void A_token_that_the_server_forgot_is_renewed_unseen()
    {
        Sim.RevokeTokens();
        Sim.Reset();

        Assert.Single(Engine.Run("Get-DrmmAccount"));

        Assert.Equal([401, 200], Sim.Calls().Select(call => call.Status));
        Assert.Equal(1, Sim.Counters().Tokens);
    }

    [Fact]
    public void A_token_that_is_refused_however_fresh_is_an_authentication_error()
    {
        Sim.Reset();
        Sim.Faults(Fault.On("GET /v2/account", Fault.Status(401)));

        ErrorRecord error = Engine.Invoke("Get-DrmmAccount").Error;

        Assert.StartsWith("DrmmAuthentication,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Equal(2, Sim.Calls().Count);
        Assert.Equal(1, Sim.Counters().Tokens);
    }

    [Fact]
    public void Errors_reach_the_error_variable_and_can_be_silenced()
    {
        Sim.Faults(Fault.On("GET /v2/account", Fault.Status(403)));

        Outcome outcome = Engine.Invoke(
            "Get-DrmmAccount -ErrorAction SilentlyContinue -ErrorVariable refused; $refused.CategoryInfo.Category");

        Assert.Equal("PermissionDenied", outcome.Well().One.ToString());
    }
}
