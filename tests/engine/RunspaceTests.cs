using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What runspaces of one process share, and what they do not.</summary>
public sealed class RunspaceTests() : EngineTest("--devices 20 --sites 3")
{
    [Fact]
    public void Two_runspaces_share_one_token()
    {
        using Engine second = Engine.Connected(Sim);

        Assert.Single(second.Run("Get-DrmmAccount"));
        Assert.Single(Engine.Run("Get-DrmmAccount"));
        Assert.Equal((1, 2), (Sim.Counters().Tokens, Sim.Counters().Requests));
    }

    [Fact]
    public void Two_runspaces_that_connect_at_the_same_time_send_one_token_request()
    {
        using Simulator slow = Simulator.Start("--devices 0 --sites 1 --latency-ms 200");
        Engine[] runspaces = [.. Enumerable.Range(0, 4).Select(_ => new Engine())];
        try
        {
            Running[] logins = [.. runspaces.Select(runspace =>
            {
                runspace["sim"] = slow;
                return runspace.Start("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret");
            })];
            Assert.All(logins, login => login.Finish().Well());

            Assert.Equal(1, slow.Counters().Tokens);
        }
        finally
        {
            Array.ForEach(runspaces, runspace => runspace.Dispose());
        }
    }

    [Fact]
    public void Parallel_script_blocks_need_no_second_connect_when_they_are_given_the_connection()
    {
        Engine.Run("$connection = Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru");
        Engine.Run("$uids = (Get-DrmmDevice).uid[0..7]");
        Sim.Reset();

        IReadOnlyList<string?> found = Engine.Invoke("""
            $uids | ForEach-Object -Parallel {
                Import-Module $using:module
                (Get-DrmmDevice $_ -Connection $using:connection).uid
            } -ThrottleLimit 4
            """).Well().Texts;

        Assert.Equal(Engine.Invoke("$uids").Texts.Order(), found.Order());
        Assert.Equal((0, 8), (Sim.Counters().Tokens, Sim.Calls().Count));
    }

    [Fact]
    public void Two_accounts_in_two_runspaces_never_mix()
    {
        using Simulator other = Simulator.Start("--seed 2 --devices 25 --sites 3");
        using Engine second = Engine.Connected(other);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(20, Engine.Run("Get-DrmmDevice").Count);
            Assert.Equal(25, second.Run("Get-DrmmDevice").Count);
        }

        Assert.Equal((3, 3), (Sim.Calls().Count, other.Calls().Count));
    }

    [Fact]
    public void One_runspaces_disconnect_does_not_end_anothers_work()
    {
        using Engine second = Engine.Connected(Sim);
        Sim.Faults(Fault.On("GET /v2/account", Fault.Delay(300), times: 1));
        using Running slow = second.Start("Get-DrmmAccount");
        Sim.WaitFor(request => request.Path == "/api/v2/account");

        Engine.Run("Disconnect-DrmmApi");

        Assert.Single(slow.Finish().Well().Output);
        Assert.Single(second.Run("Get-DrmmAccount"));
        Assert.Equal(1, Sim.Counters().Tokens);
    }

    [Fact]
    public void The_token_is_kept_as_long_as_anyone_is_connected_and_no_longer()
    {
        using Engine second = Engine.Connected(Sim);
        Engine.Run("Disconnect-DrmmApi");
        Engine.Connect(Sim);
        Assert.Equal(1, Sim.Counters().Tokens);

        second.Run("Disconnect-DrmmApi");
        Engine.Run("Disconnect-DrmmApi");
        Engine.Connect(Sim);

        Assert.Equal(2, Sim.Counters().Tokens);
    }

    [Fact]
    public void The_connection_of_a_runspace_that_has_ended_ends_with_the_next_command()
    {
        using (Engine.Connected(Sim))
        {
            Engine.Run("Disconnect-DrmmApi");
            Assert.Equal(1, Sim.Counters().Tokens);
        }

        Assert.StartsWith("DrmmNotConnected,", Engine.Invoke("Get-DrmmAccount").Error.FullyQualifiedErrorId);
        Engine.Connect(Sim);

        Assert.Equal(2, Sim.Counters().Tokens);
    }
}
