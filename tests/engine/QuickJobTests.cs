using System.Management.Automation;
using System.Text.Json.Nodes;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Jobs are started on devices, and waited for on demand.</summary>
public sealed class QuickJobTests : EngineTest
{
    private const string Command = "Run a Command [WIN]";

    public QuickJobTests()
        : base("--devices 60 --sites 3 --job-ms 0")
    {
        Engine.Run("""
            $devices = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0..4]
            $device = $devices[0]
            $components = Invoke-DrmmApi v2/account/components -All
            $null = Get-DrmmQuota
            """);
        Engine["name"] = Command;
        Sim.Reset();
    }

    [Theory]
    [InlineData("Start-DrmmQuickJob $name $device.uid")]
    [InlineData("Start-DrmmQuickJob $name.ToUpperInvariant() $device")]
    [InlineData("$device | Start-DrmmQuickJob $name")]
    [InlineData("$device.uid | Start-DrmmQuickJob -Component $name")]
    [InlineData("[pscustomobject]@{ deviceUid = $device.uid } | Start-DrmmQuickJob $name")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName $name -ComponentName $name")]
    public void A_component_is_found_by_its_name_and_runs_under_it(string script)
    {
        PSObject started = Engine.Invoke(script).Well().One;

        Assert.Equal(
            ["GET /api/v2/account/components", $"PUT /api/v2/device/{Device}/quickjob"],
            Sim.Calls().Select(call => $"{call.Method} {call.Path}"));
        Assert.Equal(
            $$$"""{"jobName":"{{{Command}}}","jobComponent":{"componentUid":"{{{Uid}}}","variables":null}}""",
            Sim.Calls()[^1].Body);
        Assert.Equal("DattoRMM.QuickJob", started.TypeNames[0]);
        Assert.NotEmpty((string)Value((PSObject)Value(started, "job")!, "uid")!);
    }

    [Fact]
    public void What_was_started_says_on_which_device_and_the_gallerys_does_not()
    {
        Assert.Equal(
            ["jobComponents", "job", "deviceUid"],
            Names("Start-DrmmQuickJob $name $device"));
        Assert.Equal(
            ["jobComponents", "job"],
            Names("Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName x -ComponentName $name"));

        IEnumerable<string> Names(string script) =>
            Engine.Invoke(script).Well().One.Properties.Select(property => property.Name);
    }

    [Fact]
    public void A_uid_with_a_name_for_the_job_needs_no_look_up()
    {
        Engine["uid"] = Uid;
        Sim.Reset();

        Engine.Run("Start-DrmmQuickJob $uid $device -JobName 'My job'");

        Assert.Equal("My job", (string?)JsonNode.Parse(Assert.Single(Sim.Calls()).Body)!["jobName"]);
    }

    [Fact]
    public void A_uid_alone_gives_the_job_the_components_name()
    {
        Engine["uid"] = Uid.ToUpperInvariant();
        Sim.Reset();

        Engine.Run("Start-DrmmQuickJob $uid $device");

        JsonNode body = JsonNode.Parse(Sim.Calls()[^1].Body)!;
        Assert.Equal(Command, (string?)body["jobName"]);
        Assert.Equal(Uid, (string?)body["jobComponent"]!["componentUid"]);
    }

    [Fact]
    public void A_name_is_looked_up_once_for_all_devices_and_jobs_start_one_by_one()
    {
        Sim.Configure("\"latencyMs\": 30");

        Assert.Equal(5, Engine.Run("$devices | Start-DrmmQuickJob $name").Count);

        Assert.Single(Sim.Calls("account/components"));
        Assert.Equal(1, Sim.Counters().MaxConcurrent);
        Assert.Equal(
            Engine.Invoke("$devices.uid").Texts.Select(uid => $"PUT /api/v2/device/{uid}/quickjob"),
            Sim.Calls().Skip(1).Select(call => call.Line));
    }

    [Fact]
    public void More_jobs_start_side_by_side_when_told_to()
    {
        Sim.Configure("\"latencyMs\": 100");

        Engine.Run("$devices | Start-DrmmQuickJob $name -ThrottleLimit 4");

        Assert.Equal(4, Sim.Counters().MaxConcurrent);
    }

    [Theory]
    [InlineData("Start-DrmmQuickJob nothing $devices.uid", "«nothing»")]
    [InlineData("$devices | Start-DrmmQuickJob 00000000-0000-0000-0000-000000000000", "«00000000-")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName x -ComponentName nothing",
        "Could not find a component named nothing")]
    public void A_component_that_is_not_there_ends_the_command_before_any_job_is_started(string script, string message)
    {
        Outcome outcome = Engine.Invoke($"try {{ {script}; 'went on' }} catch {{ 'caught' }}");
        Assert.Equal("caught", Assert.Single(outcome.Output)!.ToString());

        ErrorRecord error = Engine.Invoke(script).Error;
        Assert.StartsWith("DrmmNotFound,", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.ToString());
        Assert.All(Sim.Calls(), call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public void A_name_that_several_components_have_is_an_error_that_names_their_uids()
    {
        ErrorRecord error = Engine.Invoke("$devices | Start-DrmmQuickJob 'run powershell script'").Error;

        Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
        string[] uids = Uids("Run PowerShell Script");
        Assert.Equal(2, uids.Length);
        Assert.All(uids, uid => Assert.Contains(uid, error.ToString()));
        Assert.Single(Sim.Calls("account/components"));
        Assert.All(Sim.Calls(), call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public void Of_several_components_the_gallerys_command_takes_the_last()
    {
        Engine.Run("Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName x -ComponentName 'Run PowerShell Script'");

        Received started = Sim.Calls().Single(call => call.Method == "PUT");
        Assert.Contains(Uids("Run PowerShell Script")[^1], started.Body);
    }

    [Theory]
    [InlineData("-Variable @{ Command = 'ü \"x\"' }", """[{"name":"Command","value":"ü \"x\""}]""")]
    [InlineData("-Variable @{ AsUser = $true }", """[{"name":"AsUser","value":"true"}]""")]
    [InlineData("-Variable ([ordered]@{ Command = 1.5; AsUser = $false; NotBefore = $null })",
        """[{"name":"Command","value":"1.5"},{"name":"AsUser","value":"false"},{"name":"NotBefore","value":null}]""")]
    [InlineData("-Variable ([pscustomobject]@{ Command = 7; AsUser = 'true' })",
        """[{"name":"Command","value":"7"},{"name":"AsUser","value":"true"}]""")]
    [InlineData("-Variable @{ Command = [System.Net.NetworkCredential]::new('', 'geheim').SecurePassword }",
        """[{"name":"Command","value":"geheim"}]""")]
    [InlineData("-Variable @{}", "[]")]
    public void Variables_are_a_table_of_names_and_values(string arguments, string variables)
    {
        Engine.Run("[cultureinfo]::CurrentCulture = 'de-DE'");

        Engine.Run($"Start-DrmmQuickJob $name $device {arguments}");

        Assert.Equal(variables, Variables());
    }

    [Theory]
    [InlineData("-variables @(@{ name = 'Command'; value = 'x' }, @{ Value = 'true'; Name = 'AsUser' })",
        """[{"name":"Command","value":"x"},{"name":"AsUser","value":"true"}]""")]
    [InlineData("-variables @([pscustomobject]@{ name = 'Command'; value = 'x' })",
        """[{"name":"Command","value":"x"}]""")]
    [InlineData("-variables @{ name = 'Command'; value = 'x' }", """[{"name":"Command","value":"x"}]""")]
    [InlineData("-variables ([pscustomobject]@{ name = 'Command'; value = 'x' })",
        """[{"name":"Command","value":"x"}]""")]
    [InlineData("-variables @{ Command = 'x' }", """[{"name":"Command","value":"x"}]""")]
    [InlineData("-VariableDefinitions @{ Command = 'x' }", """[{"name":"Command","value":"x"}]""")]
    [InlineData("-variables @()", "[]")]
    [InlineData("-variables $null", null)]
    [InlineData("", null)]
    public void The_gallerys_variables_are_definitions_or_a_table(string arguments, string? variables)
    {
        Engine.Run($"Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName x -ComponentName $name {arguments}");

        Assert.Equal(variables, Variables());
    }

    [Theory]
    [InlineData("Start-DrmmQuickJob $name $device -Variable $canary")]
    [InlineData("Start-DrmmQuickJob $name $device -Variable @{ Command = @($canary) }")]
    [InlineData("Start-DrmmQuickJob $name $device -Variable @{ Command = @{ a = $canary } }")]
    [InlineData("Start-DrmmQuickJob $name $device -Variable @{ Command = [pscustomobject]@{ a = $canary } }")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid x -jobName x -ComponentName $name -variables @($canary)")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid x -jobName x -ComponentName $name -variables @(@{ $canary = 1 })")]
    public void What_is_no_variable_starts_no_job_and_is_not_told(string script)
    {
        Engine["canary"] = "cage" + "bird";

        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.StartsWith("Invalid", error.CategoryInfo.Category.ToString());
        Assert.DoesNotContain("cagebird", ErrorText.Of(error));
        Assert.DoesNotContain(Sim.Calls(), call => call.Method == "PUT");
    }

    [Fact]
    public void Waiting_gives_what_came_of_the_job_and_what_it_wrote()
    {
        PSObject result = Engine.Invoke(
            "$device | Start-DrmmQuickJob 'Always Fails [ALL]' -Variable @{ Reason = 'ö' } -Wait").Well().One;

        Assert.Equal("DattoRMM.JobResult", result.TypeNames[0]);
        Assert.Equal(
            ["jobUid", "deviceUid", "ranOn", "jobDeploymentStatus", "componentResults", "hostname", "stdOut", "stdErr"],
            result.Properties.Select(property => property.Name));
        Assert.Equal((Device, "Failure"), (Value(result, "deviceUid"), Value(result, "jobDeploymentStatus")));
        Assert.Equal(Text("$device.hostname"), Value(result, "hostname"));
        string job = (string)Value(result, "jobUid")!;
        Assert.Equal(Written(job, "stdout"), Value(result, "stdOut"));
        Assert.Contains("Reason=ö", (string)Value(result, "stdOut")!);
        Assert.Equal(Written(job, "stderr"), Value(result, "stdErr"));
    }

    [Fact]
    public void What_was_not_written_is_not_asked_for()
    {
        PSObject result = Engine.Invoke("Start-DrmmQuickJob $name $device.uid -Wait").Well().One;

        Assert.Null(Value(result, "stdErr"));
        Assert.Null(Value(result, "hostname"));
        Assert.NotNull(Value(result, "stdOut"));
        Assert.DoesNotContain(Sim.Calls(), call => call.Path.EndsWith("/stderr"));
    }

    [Fact]
    public void What_several_components_wrote_is_one_text()
    {
        Sim.Faults(Fault.On(
            "GET /v2/job/{jobUid}/results/{deviceUid}/stdout",
            Fault.Answer("""[{"stdData":"a"},{"stdData":null},{"stdData":"b"}]""")));

        Assert.Equal("a\nb", Text("(Start-DrmmQuickJob $name $device -Wait).stdOut"));
    }

    [Fact]
    public void Jobs_are_started_one_by_one_and_waited_for_side_by_side()
    {
        Sim.Configure("\"jobMs\": 900");

        Outcome outcome = Engine.Invoke("$devices | Start-DrmmQuickJob $name -Wait");

        Assert.Equal(
            Engine.Invoke("$devices.uid").Texts, outcome.Well().Output.Select(result => Value(result, "deviceUid")));
        List<Received> calls = [.. Sim.Calls()];
        int lastStart = calls.FindLastIndex(call => call.Method == "PUT");
        Assert.True(lastStart < calls.FindIndex(call => call.Path.Contains("/results/")), "it waited between two starts");
        Assert.Contains(outcome.Progress, record => record.StatusDescription.Contains($"job «{Command}»"));
    }

    [Fact]
    public void A_job_that_goes_on_for_too_long_is_an_error_that_names_it_and_the_others_are_given()
    {
        // Where nobody is online, no job runs.
        Engine.Run("$offline = @(Get-DrmmDevice | Where-Object { -not $_.online })[0]");

        Outcome outcome = Engine.Invoke("$offline, $device | Start-DrmmQuickJob $name -Wait -TimeoutSec 1");

        Assert.Equal(Device, Value(outcome.One, "deviceUid"));
        Assert.StartsWith("DrmmTimeout,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, outcome.Error.CategoryInfo.Category);
        Assert.Contains(Text("$offline.hostname"), outcome.Error.ToString());
        string job = Sim.Calls().First(call => call.Path.StartsWith("/api/v2/job/")).Path.Split('/')[4];
        Assert.Contains(job, outcome.Error.ToString());
        Assert.Equal("active", Sim.Read($"job/{job}").GetProperty("status").GetString());
    }

    [Fact]
    public void Ctrl_c_ends_the_waiting()
    {
        Engine.Run("$offline = @(Get-DrmmDevice | Where-Object { -not $_.online })[0]");
        using Running running = Engine.Start("$offline | Start-DrmmQuickJob $name -Wait");
        running.WaitForProgress("job «");

        running.StopInTime();
    }

    [Theory]
    [InlineData("Start-DrmmQuickJob $name $device -TimeoutSec 5")]
    [InlineData("Start-DrmmQuickJob '' $device")]
    [InlineData("Start-DrmmQuickJob $null $device -Wait")]
    [InlineData("Start-DrmmQuickJob $name $device -JobName ''")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName '' -ComponentName $name")]
    [InlineData("Set-DrmmDeviceQuickJob -deviceUid $device.uid -jobName x -ComponentName $null")]
    public void What_says_nothing_or_goes_with_nothing_is_refused(string script)
    {
        Assert.StartsWith("DrmmInvalidArgument,", Engine.Invoke(script).Error.FullyQualifiedErrorId);
        Assert.Empty(Sim.Requests());
    }

    [Fact]
    public void An_answer_without_the_jobs_uid_is_an_error_with_wait()
    {
        Sim.Faults(Fault.On("PUT /v2/device/{deviceUid}/quickjob", Fault.Answer("{}")));

        ErrorRecord error = Engine.Invoke("Start-DrmmQuickJob $name $device -Wait").Error;

        Assert.StartsWith("DrmmMalformedAnswer,", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void What_if_names_the_job_and_the_device()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("Start-DrmmQuickJob 'Clean up' the-uid -WhatIf");

        Assert.Contains("Start quick job «Clean up»", host.Text);
        Assert.Contains("device the-uid", host.Text);
    }

    [Theory]
    [InlineData("Start-DrmmQuickJob -Component adobe")]
    [InlineData("Start-DrmmQuickJob adobe")]
    [InlineData("Set-DrmmDeviceQuickJob -ComponentName adobe")]
    public void Names_of_components_are_completed(string typed)
    {
        Engine["typed"] = typed;

        Assert.Equal(
            "'Adobe Acrobat Reader [WIN]'",
            Text("""
                [Management.Automation.CommandCompletion]::CompleteInput($typed, $typed.Length, $null).
                    CompletionMatches.CompletionText
                """));
    }

    private string Device => Text("$device.uid");

    private string Uid => Uids(Command).Single();

    private string[] Uids(string name) =>
        [.. Engine.Invoke($"($components | Where-Object name -eq '{name}').uid").Well().Texts.Select(uid => uid!)];

    /// <summary>The variables that the last job was started with, as JSON.</summary>
    private string? Variables() =>
        JsonNode.Parse(Sim.Calls().Last(call => call.Method == "PUT").Body)!["jobComponent"]!["variables"]
            ?.ToJsonString(JsonText.Readable);

    private string Written(string job, string stream) =>
        Sim.Read($"job/{job}/results/{Device}/{stream}")[0].GetProperty("stdData").GetString()!;
}
