using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What is told of the account's quota, bucket by bucket.</summary>
public sealed class QuotaTests() : EngineTest("--devices 20 --sites 3")
{
    private static readonly string[] s_fields =
    [
        "bucket", "limit", "allowed", "used", "usedByOthers", "usedByAll", "remaining", "waiting", "model",
        "windowSeconds", "cutOffRatio", "lastCalibration", "stoppedUntil", "blockedUntil",
    ];

    [Fact]
    public void An_account_with_one_limit_has_one_bucket()
    {
        Sim.Configure("\"limit\": 300, \"cutoff\": 0.8");
        Engine.Run("1..3 | ForEach-Object { $null = Get-DrmmAccount }");

        PSObject quota = Engine.Invoke("Get-DrmmQuota").Well().One;

        Assert.Contains(Sim.Requests(), request => request.Path == "/api/v2/system/request_rate");
        Assert.Equal("DattoRMM.Quota", quota.TypeNames[0]);
        Assert.Equal(s_fields, Json.Names(quota));
        Assert.Equal(("account", "legacy"), (Value(quota, "bucket"), Value(quota, "model")));
        Assert.Equal((300L, 240L), (Value(quota, "limit"), Value(quota, "allowed")));
        Assert.Equal((60.0, 0.8), (Value(quota, "windowSeconds"), Value(quota, "cutOffRatio")));
        Assert.Equal((4L, 0L, 4L), Used(quota));
        Assert.Equal((236L, 0L), (Value(quota, "remaining"), Value(quota, "waiting")));
        Assert.Equal((null, null), (Value(quota, "stoppedUntil"), Value(quota, "blockedUntil")));
    }

    [Fact]
    public void An_account_with_many_limits_has_a_bucket_for_reads_for_writes_and_for_each_operation()
    {
        Sim.Configure("""
            "quotaModel": "modern", "limit": 300, "writeLimit": 200, "operationLimits": { "device-udf-set": 50 }
            """);
        Engine.Run("$uid = (Get-DrmmDevice)[0].uid; $null = Get-DrmmQuota");
        Engine.Run("1..2 | ForEach-Object { Invoke-DrmmApi v2/device/$uid/udf -Method POST -Body @{ udf1 = 'x' } }");

        IReadOnlyList<PSObject> quotas = [.. Engine.Run("Get-DrmmQuota").Select(quota => quota!)];

        Assert.All(quotas, quota => Assert.Equal(s_fields, Json.Names(quota)));
        Assert.All(quotas, quota => Assert.Equal("modern", Value(quota, "model")));
        Assert.Equal(
            ["read", "write", .. Operations().Order()], quotas.Select(quota => (string)Value(quota, "bucket")!));
        Assert.Equal((300L, (3L, 0L, 3L)), Limit(quotas, "read"));
        Assert.Equal((200L, (2L, 0L, 2L)), Limit(quotas, "write"));
        Assert.Equal((50L, (2L, 0L, 2L)), Limit(quotas, "device-udf-set"));
        Assert.Equal((100L, (0L, 0L, 0L)), Limit(quotas, "device-move"));
    }

    [Fact]
    public void What_others_use_is_counted_apart()
    {
        for (int i = 0; i < 7; i++)
        {
            Sim.Read("account");
        }

        PSObject quota = Engine.Invoke("Get-DrmmQuota").Well().One;

        Assert.Equal((1L, 7L, 8L), Used(quota));
        Assert.Equal(532L, Value(quota, "remaining"));
    }

    [Fact]
    public void Times_are_numbers_that_can_be_had_as_local_time()
    {
        DateTime before = DateTime.Now.AddMilliseconds(-1);

        PSObject quota = Engine.Invoke("$quota = Get-DrmmQuota; $quota").Well().One;

        Assert.IsType<long>(Value(quota, "lastCalibration"));
        DateTime last = (DateTime)Engine.Invoke("$quota.GetTime('lastCalibration')").One.BaseObject;
        Assert.Equal(DateTimeKind.Local, last.Kind);
        Assert.InRange(last, before.AddMilliseconds(-1), DateTime.Now);
        Assert.Empty(Engine.Run("$quota.GetTime('stoppedUntil')").OfType<object>());
    }

    [Theory]
    [InlineData("device-*", "device-job-create device-move device-udf-set device-warranty-create")]
    [InlineData("-Bucket READ", "read")]
    [InlineData("no-such", "")]
    public void Buckets_are_chosen_by_their_name(string arguments, string names)
    {
        Sim.Configure("\"quotaModel\": \"modern\"");

        Assert.Equal(names, string.Join(' ', Engine.Invoke($"(Get-DrmmQuota {arguments}).bucket").Well().Texts));
    }

    [Theory]
    [InlineData("-Bucket ''")]
    [InlineData("-Bucket $null")]
    public void A_name_that_says_nothing_is_refused(string arguments)
    {
        ErrorRecord error = Engine.Invoke($"Get-DrmmQuota {arguments}").Error;

        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains("-Bucket", error.ToString());
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public void Where_the_server_does_not_tell_it_the_documented_quota_is_shown_with_a_warning(int status)
    {
        Sim.Faults(Fault.On("GET /v2/system/request_rate", Fault.Status(status)));

        Outcome outcome = Engine.Invoke("Get-DrmmQuota").Well();

        Assert.Contains("documented", Assert.Single(outcome.Warnings));
        Assert.Equal(("account", 600L), (Value(outcome.One, "bucket"), Value(outcome.One, "limit")));
        Assert.Equal((60.0, null), (Value(outcome.One, "windowSeconds"), Value(outcome.One, "lastCalibration")));
    }

    [Fact]
    public void What_else_goes_wrong_is_an_error_and_nothing_is_shown()
    {
        Sim.Faults(Fault.On("GET /v2/system/request_rate", Fault.Html));

        Outcome outcome = Engine.Invoke("Get-DrmmQuota");

        Assert.StartsWith("DrmmMalformedAnswer,", outcome.Error.FullyQualifiedErrorId);
        Assert.Empty(outcome.Output);
    }

    private static (object?, object?, object?) Used(PSObject quota) =>
        (Value(quota, "used"), Value(quota, "usedByOthers"), Value(quota, "usedByAll"));

    private static (object?, (object?, object?, object?)) Limit(IEnumerable<PSObject> quotas, string bucket)
    {
        PSObject quota = quotas.Single(quota => (string)Value(quota, "bucket")! == bucket);
        return (Value(quota, "limit"), Used(quota));
    }

    private IEnumerable<string> Operations() =>
        Json.Names(Sim.Read("system/request_rate").GetProperty("operationWriteStatus"));
}
