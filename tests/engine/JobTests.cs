using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What a job is, runs, came to and wrote.</summary>
public sealed class JobTests : EngineTest
{
    public JobTests()
        : base("--devices 20 --sites 3 --job-ms 0")
    {
        Engine.Run("""
            $device = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0]
            $started = Start-DrmmQuickJob 'Always Fails [ALL]' $device -Variable @{ Reason = 'ä' }
            $job = $started.job.uid
            """);
        Sim.Reset();
    }

    private string Job => Text("$job");

    private string Device => Text("$device.uid");

    [Theory]
    [InlineData("Get-DrmmJob $job")]
    [InlineData("$job | Get-DrmmJob")]
    [InlineData("$started | Get-DrmmJob")]
    [InlineData("Get-DrmmJob -JobUid $started")]
    [InlineData("Get-DrmmJobStatus $job")]
    [InlineData("Get-DrmmJobStatus -jobUid $started")]
    public void A_job_is_found_by_its_uid(string script)
    {
        PSObject job = Engine.Invoke(script).Well().One;

        Assert.Equal($"GET /api/v2/job/{Job}", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.Job", job.TypeNames[0]);
        Assert.Equal((Job, "completed"), (Value(job, "uid"), Value(job, "status")));
        Json.AssertSame(Sim.Read($"job/{Job}"), job);
    }

    [Fact]
    public void Several_jobs_are_found_at_once()
    {
        Assert.Equal([Job, Job], Engine.Invoke("(Get-DrmmJob $job, $job).uid").Well().Texts);
    }

    [Fact]
    public void A_jobs_times_are_local()
    {
        Assert.Equal(
            DateTimeOffset.FromUnixTimeMilliseconds(Sim.Read($"job/{Job}").GetProperty("dateCreated").GetInt64())
                .LocalDateTime,
            Engine.Invoke("(Get-DrmmJob $job).GetTime('dateCreated')").Well().One.BaseObject);
        Assert.IsType<DateTime>(
            Engine.Invoke("(Get-DrmmJobResult $job $device).GetTime('ranOn')").Well().One.BaseObject);
    }

    [Theory]
    [InlineData("Get-DrmmJobComponent $job")]
    [InlineData("$started | Get-DrmmJobComponent")]
    public void A_jobs_components_say_which_job_they_are_of(string script)
    {
        PSObject component = Engine.Invoke(script).Well().One;

        Assert.Equal($"GET /api/v2/job/{Job}/components?max=250&page=0", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.JobComponent", component.TypeNames[0]);
        Assert.Equal("Always Fails [ALL]", Value(component, "name"));
        Assert.Equal("jobUid", component.Properties.Last().Name);
        Assert.Equal(Job, Value(component, "jobUid"));
    }

    [Theory]
    [InlineData("Get-DrmmJobResult $job $device.uid")]
    [InlineData("Get-DrmmJobResult -JobUid $started -DeviceUid $device")]
    [InlineData("$started | Get-DrmmJobResult")]
    [InlineData("$device | Get-DrmmJobResult -JobUid $job")]
    [InlineData("$device.uid | Get-DrmmJobResult -JobUid $job")]
    [InlineData("$job | Get-DrmmJobResult -DeviceUid $device.uid")]
    [InlineData("Get-DrmmJobResults $job $device.uid")]
    [InlineData("Get-DrmmJobResults -deviceUid $device -jobUid $started")]
    public void A_result_is_that_of_a_job_on_a_device(string script)
    {
        PSObject result = Engine.Invoke(script).Well().One;

        Assert.Equal($"GET /api/v2/job/{Job}/results/{Device}", Assert.Single(Sim.Calls()).Line);
        Assert.Equal("DattoRMM.JobResult", result.TypeNames[0]);
        Assert.Equal("Failure", Value(result, "jobDeploymentStatus"));
        Json.AssertSame(Sim.Read($"job/{Job}/results/{Device}"), result);
    }

    [Fact]
    public void A_result_can_be_piped_on_to_what_was_written()
    {
        Assert.Equal(2, Engine.Run("$started | Get-DrmmJobResult | Get-DrmmJobOutput").Count);
    }

    [Theory]
    [InlineData("Get-DrmmJobOutput $job $device.uid", "StdOut", "StdErr")]
    [InlineData("$started | Get-DrmmJobOutput -Stream All", "StdOut", "StdErr")]
    [InlineData("$started | Get-DrmmJobOutput -Stream stdout", "StdOut")]
    [InlineData("$device | Get-DrmmJobOutput -JobUid $job -Stream StdErr", "StdErr")]
    public void What_was_written_says_where_and_to_which_stream(string script, params string[] streams)
    {
        IReadOnlyList<PSObject?> texts = Engine.Run(script);

        Assert.Equal(streams, texts.Select(text => Value(text, "stream")));
        Assert.All(texts, text =>
        {
            Assert.Equal("DattoRMM.JobOutput", text!.TypeNames[0]);
            Assert.Equal((Job, Device), (Value(text, "jobUid"), Value(text, "deviceUid")));
            Assert.NotEmpty((string)Value(text, "stdData")!);
            Assert.Equal(
                ["componentUid", "componentName", "stdData", "jobUid", "deviceUid", "stream"],
                text.Properties.Select(property => property.Name));
        });
        Assert.Equal(
            streams.Select(stream => $"GET /api/v2/job/{Job}/results/{Device}/{stream.ToLowerInvariant()}").Order(),
            Sim.Calls().Select(call => call.Line).Order());
    }

    [Theory]
    [InlineData("StdOut")]
    [InlineData("StdErr")]
    public void The_gallerys_results_give_the_text_as_the_api_has_it(string stream)
    {
        PSObject text = Engine.Invoke($"Get-DrmmJobResults $job $device.uid {stream}").Well().One;

        JsonElement answer = Sim.Read($"job/{Job}/results/{Device}/{stream.ToLowerInvariant()}");
        Json.AssertSame(answer[0], text);
    }

    [Fact]
    public void Several_devices_keep_their_order_and_one_that_is_not_of_the_job_does_not_stop_the_others()
    {
        Outcome outcome = Engine.Invoke("Get-DrmmJobOutput $job nobody, $device.uid");

        Assert.Equal(2, outcome.Output.Count);
        Assert.Equal(2, outcome.Errors.Count);
        Assert.All(outcome.Errors, error =>
        {
            Assert.StartsWith("DrmmNotFound,", error.FullyQualifiedErrorId);
            Assert.Equal("nobody", error.TargetObject);
        });
    }

    [Theory]
    [InlineData("$device | Get-DrmmJobResult")]
    [InlineData("$started | Get-DrmmJobResult -JobUid $job -DeviceUid $device")]
    [InlineData("Get-DrmmJob $device")]
    [InlineData("$device | Get-DrmmJob")]
    [InlineData("[pscustomobject]@{ jobUid = $job } | Get-DrmmJobOutput")]
    public void What_does_not_say_both_is_refused(string script)
    {
        Outcome outcome = Engine.Invoke(script);

        // What a parameter does not take is the engine's error.
        Assert.StartsWith("Invalid", outcome.Error.CategoryInfo.Category.ToString());
        Assert.Empty(Sim.Requests());
    }
}
