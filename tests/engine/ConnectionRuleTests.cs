using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// Which account a runspace speaks for. The rules look at all accounts of the process, so each test has a process of
/// its own: the private methods run there.
/// </summary>
public sealed class ConnectionRuleTests : IDisposable
{
    private const string None = "DrmmNotConnected";

    private readonly Simulator _one = Simulator.Start("--seed 1 --devices 11 --sites 2");
    private readonly Simulator _two = Simulator.Start("--seed 2 --devices 22 --sites 2");

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public void Without_any_account_no_runspace_has_one()
    {
        Assert.Equal([None], Run(NoAccount));
        Assert.Empty(_one.Requests());
    }

    [Fact]
    public void A_runspace_that_never_connected_takes_the_processes_only_account()
    {
        Assert.Equal(["11", "11", "11", "11"], Run(OneAccount));
        Assert.Equal(1, _one.Counters().Tokens);
    }

    [Fact]
    public void A_runspace_that_never_connected_does_not_choose_among_several_accounts()
    {
        Assert.Equal(["11", "22", None, "names -Connection", "22"], Run(SeveralAccounts));
    }

    [Fact]
    public void A_failed_login_leaves_none_though_another_runspace_is_connected()
    {
        Assert.Equal(["DrmmAuthentication", None, "11"], Run(FailedLogin));
        Assert.Single(_one.Calls());
    }

    [Fact]
    public void A_runspace_that_disconnected_does_not_fall_back_to_anothers_account()
    {
        Assert.Equal(["22", None, "11"], Run(Disconnected));
    }

    [Fact]
    public void What_a_runspace_borrowed_ends_with_the_connection_of_its_owner()
    {
        Assert.Equal(["11", None], Run(OwnerLeaves));
    }

    [Fact]
    public void Parallel_script_blocks_need_no_second_login()
    {
        Assert.Equal(["11", "11", "11", "11"], Run(Parallel));
        Assert.Equal(1, _one.Counters().Tokens);
    }

    private IReadOnlyList<string> Run(Func<string[], IEnumerable<string>> part) =>
        Child.Run(part, [_one.Url, _one.Key, _one.Secret, _two.Url, _two.Key, _two.Secret]);

    private static IEnumerable<string> NoAccount(string[] logins)
    {
        using Engine engine = new();
        yield return Devices(engine);
    }

    private static IEnumerable<string> OneAccount(string[] logins)
    {
        using Engine owner = Connected(logins[..3]);
        using Engine second = new();
        yield return Devices(owner);
        yield return Devices(second);
        // A second connection to the same account is no second account.
        using Engine again = Connected(logins[..3]);
        yield return Devices(second);
        using Engine third = new();
        yield return Devices(third);
    }

    private static IEnumerable<string> SeveralAccounts(string[] logins)
    {
        using Engine first = Connected(logins[..3]);
        using Engine second = Connected(logins[3..]);
        using Engine third = new();
        yield return Devices(first);
        yield return Devices(second);
        yield return Devices(third);
        Outcome refused = third.Invoke("Get-DrmmDevice");
        yield return refused.Error.ToString().Contains("-Connection") ? "names -Connection" : refused.Error.ToString();
        // With one of them gone there is nothing to choose.
        first.Run("Disconnect-DrmmApi");
        yield return Devices(third);
    }

    private static IEnumerable<string> FailedLogin(string[] logins)
    {
        using Engine first = Connected(logins[..3]);
        using Engine second = new();
        second["url"] = logins[3];
        Outcome failed = second.Invoke("Connect-DrmmApi -Url $url -Key wrong -SecretKey wrong");
        yield return Id(failed);
        yield return Devices(second);
        yield return Devices(first);
    }

    private static IEnumerable<string> Disconnected(string[] logins)
    {
        using Engine first = Connected(logins[..3]);
        using Engine second = Connected(logins[3..]);
        yield return Devices(second);
        second.Run("Disconnect-DrmmApi");
        yield return Devices(second);
        yield return Devices(first);
    }

    private static IEnumerable<string> OwnerLeaves(string[] logins)
    {
        using Engine owner = Connected(logins[..3]);
        using Engine second = new();
        yield return Devices(second);
        owner.Run("Disconnect-DrmmApi");
        yield return Devices(second);
    }

    private static IEnumerable<string> Parallel(string[] logins)
    {
        using Engine engine = Connected(logins[..3]);
        return [.. engine.Invoke("""
            1..4 | ForEach-Object -Parallel { Import-Module $using:module; @(Get-DrmmDevice).Count } -ThrottleLimit 4
            """).Well().Texts.Select(text => text!)];
    }

    private static Engine Connected(string[] login)
    {
        Engine engine = new();
        engine["login"] = login;
        engine.Run("Connect-DrmmApi -Url $login[0] -Key $login[1] -SecretKey $login[2]");
        return engine;
    }

    /// <summary>The number of devices of the account that a runspace speaks for, or the error's id.</summary>
    private static string Devices(Engine engine)
    {
        Outcome outcome = engine.Invoke("Get-DrmmDevice");
        return outcome.Errors.Count == 0 ? $"{outcome.Output.Count}" : Id(outcome);
    }

    private static string Id(Outcome outcome) => outcome.Error.FullyQualifiedErrorId.Split(',')[0];
}
