using System.Management.Automation;
using System.Net;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Connecting, under both of its names. The runspace of each test is not connected yet.</summary>
public sealed class ConnectTests : IDisposable
{
    private readonly Simulator _sim = Simulator.Start();
    private readonly Engine _engine = new();

    public ConnectTests() => _engine["sim"] = _sim;

    public void Dispose()
    {
        _engine.Invoke("Disconnect-DrmmApi");
        _engine.Dispose();
        _sim.Dispose();
    }

    [Theory]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret")]
    [InlineData("Set-DrmmApiParameters -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret")]
    [InlineData("Set-DrmmApiParameters -u $sim.Url -k $sim.Key -s $sim.Secret")]
    [InlineData("Connect-DrmmApi -Url \"$($sim.Url)/\" -Key $sim.Key -SecretKey $sim.Secret")]
    [InlineData("Connect-DrmmApi -Url \"$($sim.Url)/api\" -Key $sim.Key -SecretKey $sim.Secret")]
    [InlineData("$login = @{ Url = $sim.Url; Key = $sim.Key; SecretKey = $sim.Secret }; Set-DrmmApiParameters @login")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $secure")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Credential ([pscredential]::new($sim.Key, $secure))")]
    [InlineData("Set-DrmmApiParameters -Url $sim.Url -Credential ([pscredential]::new($sim.Key, $secure))")]
    public void A_login_is_one_token_request_and_gives_nothing(string script)
    {
        _engine["secure"] = new NetworkCredential("", _sim.Secret).SecurePassword;

        Outcome outcome = _engine.Invoke(script).Well();

        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Information);
        Received login = Assert.Single(_sim.Requests());
        Assert.Equal("POST /auth/oauth/token", login.Line);
        Assert.Equal("application/x-www-form-urlencoded", login.ContentType);
        Assert.StartsWith($"grant_type=password&username={_sim.Key}&password=", login.Body);
        Assert.Single(_engine.Run("Get-DrmmAccount"));
    }

    [Fact]
    public void A_script_that_connects_and_calls_once_sends_two_requests_on_one_connection()
    {
        _engine.Run("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret");
        _engine.Run("Get-DrmmAccount");

        Assert.Equal(
            ["POST /auth/oauth/token", "GET /api/v2/account"], _sim.Requests().Select(request => request.Line));
        Assert.Equal(1, _sim.Counters().Connections);
    }

    [Fact]
    public void Key_and_secret_are_encoded_whatever_is_in_them()
    {
        _sim.SetKey("K+ä&=ß", "s%+ü &=\"\\");
        _engine["secret"] = "s%+ü &=\"\\";

        _engine.Run("Connect-DrmmApi -Url $sim.Url -Key 'K+ä&=ß' -SecretKey $secret");

        Assert.Single(_engine.Run("Get-DrmmAccount"));
    }

    [Theory]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key wrong -SecretKey $sim.Secret")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey wrong")]
    [InlineData("Set-DrmmApiParameters -Url $sim.Url -Key wrong -SecretKey wrong")]
    public void A_wrong_key_is_one_clear_error_at_once_and_leaves_no_connection(string script)
    {
        ErrorRecord error = _engine.Invoke(script).Error;

        Assert.Equal("DrmmAuthentication,DattoRMM.Commands.ConnectDrmmApiCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains($"he API key was not accepted by {_sim.Host}", error.ToString());
        Assert.Equal((1, 0), (_sim.Counters().Tokens, _sim.Counters().Requests));
        AssertNotConnected();
    }

    [Fact]
    public void A_wrong_secret_is_refused_although_a_token_for_the_key_is_there()
    {
        using Engine connected = Engine.Connected(_sim);
        connected.Run("Get-DrmmAccount");

        ErrorRecord error = _engine.Invoke("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey wrong").Error;

        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        AssertNotConnected();
        Assert.Single(connected.Run("Get-DrmmAccount"));
        Assert.Equal(2, _sim.Counters().Tokens);
    }

    [Fact]
    public void A_failed_login_shows_in_the_information_stream_as_with_the_gallery_module()
    {
        Outcome outcome = _engine.Invoke("""
            $shown = Set-DrmmApiParameters -Url $sim.Url -Key a -SecretKey b 6>&1 2>$null
            [bool] $shown; "$shown"; $shown.Tags
            """);

        Assert.Equal("True", outcome.Texts[0]);
        Assert.Contains("not accepted", outcome.Texts[1]);
        Assert.Equal(["PSHOST"], outcome.Texts.Skip(2));
    }

    [Fact]
    public void A_failed_login_is_told_to_the_host_before_it_is_an_error()
    {
        Outcome outcome = _engine.Invoke(
            "Set-DrmmApiParameters -Url $sim.Url -Key a -SecretKey b 6>&1 2>&1 | ForEach-Object { $_.GetType().Name }");

        Assert.Equal(["InformationRecord", "ErrorRecord"], outcome.Texts);
    }

    [Fact]
    public void A_failed_login_stops_when_errors_are_to_stop()
    {
        Outcome outcome = _engine.Invoke(
            "Connect-DrmmApi -Url $sim.Url -Key wrong -SecretKey wrong -ErrorAction Stop; 'not reached'");

        Assert.Empty(outcome.Output);
        Assert.NotNull(outcome.Thrown);
        Assert.StartsWith("DrmmAuthentication,", outcome.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_failed_login_reaches_the_error_variable()
    {
        Outcome outcome = _engine.Invoke("""
            Connect-DrmmApi -Url $sim.Url -Key a -SecretKey b -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed.Count
            $failed[0].CategoryInfo.Category
            """);

        Assert.Equal(["1", "AuthenticationError"], outcome.Well().Texts);
    }

    [Theory]
    [InlineData("http://api.example")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("not a url")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    [InlineData("https://")]
    [InlineData("{0}/v2")]
    [InlineData("{0}?x=1")]
    [InlineData("{0}#x")]
    [InlineData("http://user:canary-pw@{1}")]
    public void A_url_that_is_none_is_an_invalid_argument_before_any_request(string? url)
    {
        _engine["url"] = url == null ? null : string.Format(url, _sim.Url, new Uri(_sim.Url).Authority);

        Outcome outcome = _engine.Invoke("Connect-DrmmApi -Url $url -Key $sim.Key -SecretKey $sim.Secret");

        Assert.StartsWith("DrmmInvalidArgument,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, outcome.Error.CategoryInfo.Category);
        Assert.DoesNotContain("canary-pw", outcome.Error.ToString());
        Assert.Empty(_sim.Requests());
        AssertNotConnected();
    }

    [Theory]
    [InlineData("-Url $sim.Url -Key $null -SecretKey x")]
    [InlineData("-Url $sim.Url -Key x -SecretKey ''")]
    [InlineData("-Url $sim.Url -Credential $null")]
    [InlineData("-Url $sim.Url -Platform merlot -Key x -SecretKey x")]
    [InlineData("-Platform nowhere -Key x -SecretKey x")]
    [InlineData("-Platform '' -Key x -SecretKey x")]
    [InlineData("-Url $sim.Url -Proxy here -Key x -SecretKey x")]
    [InlineData("-Url $sim.Url")]
    [InlineData("")]
    public void A_login_without_all_it_needs_is_an_invalid_argument_before_any_request(string arguments)
    {
        ErrorRecord error = _engine.Invoke($"Connect-DrmmApi {arguments}").Error;

        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Empty(_sim.Requests());
        AssertNotConnected();
    }

    [Theory]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key wrong -SecretKey wrong")]
    [InlineData("Connect-DrmmApi -Url 'not a url' -Key wrong -SecretKey wrong")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Key '' -SecretKey $sim.Secret")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Credential $null")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Credential 5")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Credential @{ $canary = 1 }")]
    [InlineData("Connect-DrmmApi -Url $sim.Url -Credential ''")]
    [InlineData("Connect-DrmmApi -Platform nowhere -Key x -SecretKey x")]
    public void A_failed_attempt_forgets_the_former_customer(string attempt)
    {
        _engine.Connect(_sim);
        Assert.Single(_engine.Run("Get-DrmmAccount"));

        _engine["canary"] = "cage" + "bird";
        Assert.DoesNotContain("cagebird", ErrorText.Of(_engine.Invoke(attempt).Error));

        AssertNotConnected();
    }

    [Fact]
    public void A_second_login_replaces_the_first()
    {
        using Simulator other = Simulator.Start("--seed 2 --devices 20 --sites 3");
        _engine.Connect(_sim);

        _engine.Connect(other);
        _engine.Run("Get-DrmmAccount");

        Assert.Equal((0, 1), (_sim.Calls().Count, other.Calls().Count));
    }

    [Fact]
    public void A_login_under_way_can_be_stopped()
    {
        _sim.Configure("\"latencyMs\": 20000");
        using Running login = _engine.Start("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret");
        _sim.WaitFor(request => request.IsLogin);

        Outcome outcome = login.StopInTime();

        Assert.True(outcome.Stopped);
        AssertNotConnected();
    }

    [Fact]
    public void Platforms_are_completed()
    {
        Assert.Equal(
            ["pinotage"],
            _engine.Invoke("""
                $text = 'Connect-DrmmApi -Platform pi'
                [Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null).
                    CompletionMatches.CompletionText
                """).Well().Texts);
    }

    private void AssertNotConnected()
    {
        ErrorRecord error = _engine.Invoke("Get-DrmmAccount").Error;
        Assert.StartsWith("DrmmNotConnected,", error.FullyQualifiedErrorId);
        Assert.Contains("Connect-DrmmApi", error.ToString());
        Assert.DoesNotContain("several", error.ToString());
    }
}
