using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Tests.Commands;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Calls that follow from other calls, as commands describe them.</summary>
public sealed class FlowTests : EngineTest
{
    private const string One = "GET /v2/device/{deviceUid}";
    private const string AlertsOf = "GET /v2/device/{deviceUid}/alerts/open";

    public FlowTests()
        : base("--devices 600 --sites 3")
    {
        Engine["tests"] = typeof(TestFlowCommand).Assembly.Location;
        Engine.Run("Import-Module $tests; $uids = (Get-DrmmDevice).uid[0..9]; $null = Get-DrmmQuota");
        Sim.Reset();
    }

    [Fact]
    public void What_follows_runs_side_by_side_too_and_comes_out_in_order()
    {
        // Only the second calls take long.
        Sim.Faults(Fault.On(AlertsOf, Fault.Delay(300)));
        Describe((_, uid) => Device(uid).Then(found => Text(found, "uid") == uid
            ? Call.Pages(null, "alerts", "v2/device/{}/alerts/open", uid).Gather(_ => [uid])
            : throw new InvalidOperationException()));

        Assert.Equal(Uids, Engine.Invoke("$uids | Test-Flow").Well().Texts);
        Assert.Equal(8, Sim.Counters().MaxConcurrent);
    }

    [Fact]
    public void What_follows_may_refuse_and_the_others_go_on()
    {
        string[] uids = Uids;
        Describe((_, uid) => Device(uid).For(uid).Then(_ => uid == uids[3]
            ? throw new DrmmException(ErrorKind.NotFound, "there is none")
            : Call.Result([uid])));

        Outcome outcome = Engine.Invoke("$uids | Test-Flow");

        Assert.Equal(uids.Where(uid => uid != uids[3]), outcome.Texts);
        ErrorRecord error = Assert.Single(outcome.Errors);
        Assert.Equal("DrmmNotFound,DattoRMM.Tests.Commands.TestFlowCommand", error.FullyQualifiedErrorId);
        Assert.Equal(uids[3], error.TargetObject);
    }

    [Fact]
    public void A_first_call_that_fails_is_not_followed()
    {
        Describe((_, uid) => Device(uid).Then(_ => throw new InvalidOperationException()));

        Assert.Equal(
            "DrmmNotFound,DattoRMM.Tests.Commands.TestFlowCommand",
            Assert.Single(Engine.Invoke("'nobody' | Test-Flow").Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void Messages_of_calls_behind_come_in_the_order_of_the_inputs()
    {
        // The first input is the last to be answered.
        Sim.Faults(Fault.On($"GET /v2/device/{Uids[0]}", Fault.Delay(500)));
        Describe((_, uid) => Device(uid).Gather(_ => [uid]));

        Outcome outcome = Engine.Invoke("$uids[0..3] | Test-Flow -Verbose");

        string[] order = [.. outcome.Verbose.Select(line => Uids.FirstOrDefault(uid => line.Contains(uid))).OfType<string>()];
        Assert.Equal(Uids[..4], order.Distinct());
        string[] uids = Uids;
        Assert.Equal(order.OrderBy(uid => Array.IndexOf(uids, uid)), order);
    }

    [Fact]
    public void A_chain_of_a_write_goes_one_by_one_unless_told_otherwise()
    {
        Sim.Configure("\"latencyMs\": 100");
        Describe((_, uid) => Device(uid).Then(_ => Call.Post(null, "v2/device/{}/udf", uid).Body("{}"))
            .Change(uid, "Change"));

        Engine.Run("$uids[0..2] | Test-Flow");
        Assert.Equal(1, Sim.Counters().MaxConcurrent);
        Assert.Equal(["GET", "POST", "GET", "POST", "GET", "POST"], Sim.Calls().Select(call => call.Method));

        Sim.Reset();
        Engine.Run("$uids[0..2] | Test-Flow -Throttle 3");
        Assert.Equal(3, Sim.Counters().MaxConcurrent);
    }

    [Fact]
    public void Two_chains_about_the_same_thing_do_not_mix()
    {
        Sim.Configure("\"latencyMs\": 50");
        Describe((_, uid) => Device(uid).Then(_ => Call.Post(null, "v2/device/{}/udf", uid).Body("{}"))
            .Change(uid, "Change"));

        Engine.Run("@($uids[0]) * 3 | Test-Flow -Throttle 3");

        Assert.Equal(["GET", "POST", "GET", "POST", "GET", "POST"], Sim.Calls().Select(call => call.Method));
    }

    [Fact]
    public void A_poll_asks_until_the_answer_says_so()
    {
        Sim.Faults(Fault.On(One, Fault.Answer("""{"online":null}"""), times: 1));
        Describe((_, uid) => Device(uid)
            .Until(device => device.Properties["online"].Value != null, TimeSpan.FromHours(1), "device " + uid)
            .Then(found => Call.Result([Text(found, "uid")])));

        Outcome outcome = Engine.Invoke("$uids[0] | Test-Flow");

        Assert.Equal(Uids[0], Assert.Single(outcome.Well().Texts));
        Assert.Equal(2, Sim.Calls().Count);
    }

    [Fact]
    public void A_poll_without_patience_is_a_timeout_that_says_what_had_not_ended()
    {
        Describe((_, uid) => Device(uid).Until(_ => false, TimeSpan.Zero, "device " + uid));

        ErrorRecord error = Assert.Single(Engine.Invoke("$uids[0] | Test-Flow").Errors);

        Assert.Equal(ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
        Assert.Contains(Uids[0], error.Exception.Message);
        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void Writes_that_are_done_are_watched_side_by_side()
    {
        // Each is asked for twice, with a second between.
        Sim.Faults([.. Uids.Select(uid => Fault.On($"GET /v2/device/{uid}", Fault.Answer("{}"), times: 1))]);
        Describe((_, uid) => Call.Post(null, "v2/device/{}/udf", uid).Body("{}")
            .Then(_ => Device(uid).Until(device => device.Properties["uid"] != null, TimeSpan.FromHours(1), "it"))
            .Then(found => Call.Result([Text(found, "uid")])));

        Outcome outcome = Engine.Invoke("$uids | Test-Flow");

        Assert.Equal(Uids, outcome.Well().Texts);
        // The second write did not wait until the first was done with.
        List<Received> calls = [.. Sim.Calls()];
        int second = calls.FindIndex(call => call.Method == "POST" && call.Path.Contains(Uids[1]));
        Assert.True(second < calls.FindLastIndex(call => call.Path.EndsWith(Uids[0])));
    }

    [Fact]
    public void Ctrl_c_ends_the_pause_of_a_poll()
    {
        Describe((_, uid) => Device(uid).Until(_ => false, TimeSpan.FromHours(1), "the thing"));
        using Running running = Engine.Start("$uids[0] | Test-Flow");
        running.WaitForProgress("the thing");

        running.StopInTime();

        Assert.Empty(Sim.ArriveWithinASecond());
    }

    [Fact]
    public void A_look_up_is_made_once_and_only_when_something_is_to_be_sent()
    {
        string? found = null;
        Describe((command, uid) => Call.Deferred(() =>
        {
            found ??= Text(command.LookUp(Call.Get(null, "v2/account")), "uid");
            return Device(uid).Gather(_ => [found]);
        }));

        string?[] account = [.. Enumerable.Repeat(Sim.Read("account").GetProperty("uid").GetString(), 10)];
        Sim.Reset();
        Assert.Equal(account, Engine.Invoke("$uids | Test-Flow").Well().Texts);
        Assert.Single(Sim.Calls("account"));
        Assert.Equal(11, Sim.Calls().Count);
    }

    [Fact]
    public void A_look_up_that_fails_is_the_error_of_its_input()
    {
        Describe((command, _) => Call.Deferred(() => Call.Result(command.LookUp(Call.Get(null, "v2/nothing")))));

        Assert.Equal(
            "DrmmNotFound,DattoRMM.Tests.Commands.TestFlowCommand",
            Assert.Single(Engine.Invoke("$uids[0] | Test-Flow").Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_list_ends_when_enough_has_been_put_out()
    {
        Describe((_, _) => Devices().First(260));

        Assert.Equal(260, Engine.Run("'x' | Test-Flow").Count);
        Assert.InRange(Sim.Calls().Count, 2, 3);
    }

    [Fact]
    public void A_list_ends_after_a_page_that_says_so()
    {
        Describe((_, _) => Devices().EndWhen(page => page.Count == 250));

        Assert.Equal(250, Engine.Run("'x' | Test-Flow").Count);
        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void Items_are_shaped_in_the_order_in_which_that_was_asked_for()
    {
        Describe((_, uid) => Device(uid).With("siteUid", "not mine").With("mine", 1)
            .Where(device => device.Properties["mine"].Value is 1)
            .Select(device => $"{device.Properties.Last().Name} {device.Properties["siteUid"].Value != (object)"not mine"}"));

        Assert.Equal("mine True", Assert.Single(Engine.Invoke("$uids[0] | Test-Flow").Well().Texts));
    }

    private string[] Uids => [.. Engine.Invoke("$uids").Texts.Select(uid => uid!)];

    private static Call Device(string uid) => Call.Get(null, "v2/device/{}", uid);

    private static Call Devices() => Call.Pages(null, "devices", "v2/account/devices");

    private static string Text(IReadOnlyList<PSObject> items, string property) =>
        (string)Assert.Single(items).Properties[property].Value;

    private void Describe(Func<TestFlowCommand, string, Call> describe) =>
        Engine["describe"] = describe;
}
