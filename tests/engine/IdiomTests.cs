using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// What real scripts for the gallery module do with what they get, as far as the engine's own commands do; the rest is
/// in tests/pester/Idioms.Tests.ps1.
/// </summary>
public sealed class IdiomTests() : EngineTest("--devices 40 --sites 3")
{
    [Fact]
    public void Uids_are_passed_without_a_name()
    {
        Engine.Run("foreach ($site in Get-DrmmAccountSites) { $devices += @(Get-DrmmSiteDevices $site.uid) }");

        Assert.Equal("40", Text("\"$($devices.Count)\""));
        Assert.Equal(Text("(Get-DrmmDevice $devices[0].uid).hostname"), Text("$devices[0].hostname"));
    }

    [Fact]
    public void A_failed_login_shows_on_stream_6_and_a_good_one_does_not()
    {
        Engine.Run("$params = @{ Url = $sim.Url; Key = $sim.Key; SecretKey = 'wrong' }");

        Outcome failed = Engine.Invoke("$said = Set-DrmmApiParameters @params 6>&1; $said | ForEach-Object { \"$_\" }");
        Assert.Single(failed.Errors);
        Assert.Contains("not accepted", Assert.Single(failed.Texts));

        Assert.Equal("silence", Text("""
            $params.SecretKey = $sim.Secret
            $said = Set-DrmmApiParameters @params 6>&1
            if ($said) { $said } else { 'silence' }
            """));
    }

    [Fact]
    public void A_failed_login_is_caught_with_error_action_stop()
    {
        Assert.Equal("caught", Text("""
            try { Set-DrmmApiParameters -Url $sim.Url -Key $sim.Key -SecretKey wrong -ErrorAction Stop; 'went on' }
            catch { 'caught' }
            """));
    }

    [Fact]
    public void A_failed_login_is_found_in_an_error_variable()
    {
        Assert.StartsWith("DrmmAuthentication,", Text("""
            Set-DrmmApiParameters -Url $sim.Url -Key $sim.Key -SecretKey wrong -ErrorAction SilentlyContinue `
                -ErrorVariable failed
            $failed[0].FullyQualifiedErrorId
            """));
    }

    [Fact]
    public void The_information_about_a_failed_login_comes_before_its_error()
    {
        Assert.Equal(["InformationRecord", "ErrorRecord"], Engine.Run("""
            Set-DrmmApiParameters -Url $sim.Url -Key $sim.Key -SecretKey wrong 6>&1 2>&1 |
                ForEach-Object { $_.GetType().Name }
            """).Select(name => name!.ToString()));
    }

    [Fact]
    public void Sites_are_picked_by_a_boolean_that_is_compared_with_text()
    {
        JsonElement[] expected = [.. Sim.Read("account/sites?max=250").GetProperty("sites").EnumerateArray()
            .Where(site => !site.GetProperty("onDemand").GetBoolean()
                && site.GetProperty("name").GetString() != "Deleted Devices")];
        Assert.NotEmpty(expected);

        AssertUids(expected, """
            Get-DrmmAccountSites -noDeletedDevices | Where-Object -Property onDemand -Like "False"
            """);
    }

    [Theory]
    [InlineData("@{category=Server; type=Main System Chassis}", "Main System Chassis")]
    [InlineData("@{category=Server; *", null)]
    public void Devices_are_picked_by_the_text_of_their_type(string pattern, string? type)
    {
        JsonElement[] expected = [.. Sim.Read("account/devices?max=250").GetProperty("devices").EnumerateArray()
            .Where(device => device.GetProperty("deviceType") is { ValueKind: JsonValueKind.Object } kind
                && kind.GetProperty("category").GetString() == "Server"
                && (type == null || kind.GetProperty("type").GetString() == type))];
        Assert.NotEmpty(expected);

        AssertUids(expected, $"Get-DrmmAccountDevices | Where-Object -Property deviceType -Like \"{pattern}\"");
    }

    [Fact]
    public void A_user_defined_field_is_read_by_a_name_in_a_variable()
    {
        JsonElement device = Sim.Read("account/devices?max=250").GetProperty("devices").EnumerateArray()
            .First(device => device.GetProperty("udf").GetProperty("udf7").ValueKind == JsonValueKind.String);

        Assert.Equal(device.GetProperty("udf").GetProperty("udf7").GetString(), Text($$"""
            $name = 'udf' + 7
            Get-DrmmAccountDevices | Where-Object uid -eq {{device.GetProperty("uid").GetString()}} |
                ForEach-Object { $_.udf.$name }
            """));
    }

    [Fact]
    public void A_time_is_reckoned_from_1970()
    {
        Engine.Run("$devices = Get-DrmmAccountDevices");

        Assert.Equal("True", Text("""
            "$($devices.ForEach{
                $created = ([datetime] '1/1/1970').AddMilliseconds($_.creationDate)
                $created -eq $_.GetTime('creationDate').ToUniversalTime()
            } -notcontains $false)"
            """));
    }

    [Fact]
    public void The_samples_of_an_alert_are_looked_up_by_name()
    {
        Sim.Faults(Fault.On("GET /v2/alert/{alertUid}", Fault.Answer(
            """{"alertUid":"a","alertContext":{"@class":"perf_mon_ctx","samples":{"x":1,"y":2}}}""")));

        Assert.Equal(["True", "False"], Engine.Run("""
            $alert = Get-DrmmAlert a
            "$($alert.alertContext.samples.PSObject.Properties.name -contains 'x')"
            "$($alert.alertContext.samples.PSObject.Properties.name -contains 'z')"
            """).Select(text => text!.ToString()));
    }

    [Fact]
    public void Audits_are_read_device_by_device()
    {
        Engine.Run("""
            $devices = Get-DrmmAccountDevices | Where-Object deviceClass -eq device
            $serials = foreach ($device in $devices) { (Get-DrmmAuditDevice -deviceUid $device.uid).bios.serialNumber }
            """);

        JsonElement[] devices = [.. Sim.Read("account/devices?max=250").GetProperty("devices").EnumerateArray()
            .Where(device => device.GetProperty("deviceClass").GetString() == "device")];
        Assert.Equal(
            devices.Select(device => Serial(Sim.Read($"audit/device/{device.GetProperty("uid").GetString()}"))),
            Engine.Run("$serials").Select(serial => serial?.ToString()));

        // Not every device tells.
        static string? Serial(JsonElement audit) =>
            audit.GetProperty("bios") is { ValueKind: JsonValueKind.Object } bios
                ? bios.GetProperty("serialNumber").GetString()
                : null;
    }

    [Fact]
    public void A_member_is_taken_from_devices_before_they_are_exported()
    {
        Assert.Equal("True", Text("""
            $device = (Get-DrmmAccountDevices)[0]
            $device.PSObject.Properties.Remove('udf')
            "$($device.PSObject.Properties.Name -notcontains 'udf')"
            """));
    }

    [Fact]
    public void Raw_requests_are_parsed_by_the_script()
    {
        using JsonDocument text = JsonDocument.Parse(Text("New-ApiRequest -apiMethod GET -apiRequest '/v2/account'"));

        Assert.Equal(Text("(Get-DrmmAccount).uid"), text.RootElement.GetProperty("uid").GetString());
    }

    [Fact]
    public void An_answer_of_one_item_is_that_item_and_an_empty_one_is_nothing()
    {
        Sim.Faults(Fault.On("GET /v2/account/users", Fault.Answer(
            """{"pageDetails":{"count":1,"totalCount":1,"nextPageUrl":null},"users":[{"username":"one"}]}""")));
        Assert.Equal("one", Text("(Get-DrmmAccountUsers).username"));

        Sim.Faults(Fault.On("GET /v2/account/users", Fault.Answer(
            """{"pageDetails":{"count":0,"totalCount":0,"nextPageUrl":null},"users":[]}""")));
        Assert.Equal("nothing", Text("if (Get-DrmmAccountUsers) { 'something' } else { 'nothing' }"));
    }

    [Fact]
    public void The_uid_of_a_job_is_read_from_the_answer_and_its_output_fetched()
    {
        Assert.NotEmpty(Engine.Run("""
            $device = Get-DrmmAccountDevices | Where-Object { $_.online -and $_.deviceClass -eq 'device' }
            $component = (Get-DrmmAccountComponents)[0].name
            $job = Set-DrmmDeviceQuickJob -DeviceUid $device[0].uid -jobName test -ComponentName $component
            (Get-DrmmJobStatus -jobUid $job.job.uid).status
            """));
    }

    /// <summary>Asserts that a script gives the objects with these uids, in this order.</summary>
    private void AssertUids(IEnumerable<JsonElement> expected, string script) => Assert.Equal(
        expected.Select(item => item.GetProperty("uid").GetString()),
        Engine.Run(script).Select(item => (string?)Value(item, "uid")));
}
