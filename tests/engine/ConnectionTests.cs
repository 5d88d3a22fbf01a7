using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Connections that are named, and the end of them.</summary>
public sealed class ConnectionTests() : EngineTest("--devices 20 --sites 3")
{
    /// <summary>Every command that calls the API.</summary>
    public static TheoryData<string> Calls =>
    [
        "Get-DrmmAccount", "Get-DrmmSite", "Get-DrmmDevice", "Get-DrmmDevice x", "Get-DrmmAlert", "Get-DrmmAlert x",
        "Resolve-DrmmAlert x", "Get-DrmmQuota", "Invoke-DrmmApi v2/account", "New-ApiRequest GET /v2/account",
        "Get-DrmmAccountSites", "Get-DrmmAccountDevices", "Get-DrmmSiteDevices x", "Get-DrmmAccountAlertsOpen",
        "Set-DrmmAlertResolve x", "'x' | Get-DrmmDevice",
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Every_command_without_a_connection_names_the_command_that_makes_one(string script)
    {
        Engine.Run("Disconnect-DrmmApi");
        Sim.Reset();

        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.StartsWith("DrmmNotConnected,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Contains("Connect-DrmmApi", error.ToString());
        Assert.Empty(Sim.Requests());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Every_command_takes_the_connection_that_is_named(string script)
    {
        using Simulator other = Simulator.Start("--seed 2 --devices 20 --sites 3");
        Engine["other"] = other;
        Engine.Run("$named = Connect-DrmmApi -Url $other.Url -Key $other.Key -SecretKey $other.Secret -PassThru");
        Engine.Connect(Sim);
        Sim.Reset();

        // An uid that is not there is an error like any other: what counts is who was asked.
        Engine.Invoke($"{script} -Connection $named");

        Assert.Empty(Sim.Requests());
        Assert.Contains(other.Requests(), request => !request.IsLogin);
        Engine.Run("Disconnect-DrmmApi -Connection $named");
    }

    [Fact]
    public void A_connection_shows_where_it_leads_and_no_secret()
    {
        PSObject connection = Engine.Invoke(
            "Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru").Well().One;

        Assert.Equal(Sim.Url, Value(connection, "Url"));
        Assert.Equal(true, Value(connection, "Connected"));
        string shown = string.Join('\n', connection.Properties.Select(property => $"{property.Name}={property.Value}"))
            + connection + PSSerializer.Serialize(connection, 5);
        Assert.DoesNotContain(Sim.Secret, shown);
        Assert.DoesNotContain(Sim.Key, shown);
        Assert.Contains(Sim.Key[..4], shown);
    }

    [Theory]
    [InlineData("Disconnect-DrmmApi -Connection $one")]
    [InlineData("$one | Disconnect-DrmmApi")]
    [InlineData("Disconnect-DrmmApi")]
    public void A_closed_connection_says_so_when_it_is_used(string script)
    {
        Engine.Run("$one = Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru");
        Assert.Single(Engine.Run("Get-DrmmAccount -Connection $one"));

        Assert.Empty(Engine.Run(script));

        Assert.Equal(false, Engine.Invoke("$one.Connected").One.BaseObject);
        Assert.StartsWith(
            "DrmmNotConnected,", Engine.Invoke("Get-DrmmAccount -Connection $one").Error.FullyQualifiedErrorId);
        Assert.StartsWith("DrmmNotConnected,", Engine.Invoke("Get-DrmmAccount").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_connection_that_was_handed_out_outlives_the_next_login()
    {
        Engine.Run("$one = Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru");
        using Simulator other = Simulator.Start("--seed 2 --devices 20 --sites 3");
        Engine.Run("$first = $sim");

        Engine.Connect(other);

        Assert.Single(Engine.Run("Get-DrmmAccount -Connection $one"));
        Assert.Single(Sim.Calls());
        Assert.Empty(other.Calls());
        Engine.Run("Disconnect-DrmmApi -Connection $one");
    }

    [Fact]
    public void Disconnecting_ignores_what_the_gallerys_plain_function_ignored()
    {
        Assert.Empty(Engine.Run("'stray', $null | Disconnect-DrmmApi stray 1 2; Disconnect-DrmmApi"));
        Assert.StartsWith("DrmmNotConnected,", Engine.Invoke("Get-DrmmAccount").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_command_under_way_ends_before_its_connection_does()
    {
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Delay(50)));
        Engine.Run("$one = Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru");

        // Disconnecting within the pipeline: the devices that follow are still read, also those not yet asked for.
        IReadOnlyList<PSObject?> found = Engine.Run("""
            (Get-DrmmDevice).uid[0..15] | Get-DrmmDevice -Connection $one |
                ForEach-Object { if (-not $closed) { $closed = $true; Disconnect-DrmmApi -Connection $one }; $_ }
            """);

        Assert.Equal(16, found.Count);
        Assert.StartsWith(
            "DrmmNotConnected,", Engine.Invoke("Get-DrmmAccount -Connection $one").Error.FullyQualifiedErrorId);
    }
}
