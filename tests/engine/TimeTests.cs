using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>The one method that objects have: <c>GetTime</c>.</summary>
public sealed class TimeTests() : EngineTest("--devices 30 --sites 3")
{
    [Theory]
    [InlineData("1780272000000")]
    [InlineData("\"1780272000000\"")]
    [InlineData("\"2026-06-01T00:00:00Z\"")]
    [InlineData("\"2026-06-01T02:00:00+02:00\"")]
    [InlineData("1780272000000.0")]
    public void A_time_is_local_however_the_api_wrote_it(string json)
    {
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Answer($"{{\"uid\":\"x\",\"lastSeen\":{json}}}")));

        DateTime time = (DateTime)Engine.Invoke("(Get-DrmmDevice x).GetTime('lastSeen')").Well().One.BaseObject;

        Assert.Equal(DateTimeKind.Local, time.Kind);
        Assert.Equal(new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc), time.ToUniversalTime());
    }

    [Theory]
    [InlineData("$d.GetTime('lastSeen')", "lastSeen")]
    [InlineData("$d.GetTime('LASTSEEN')", "lastSeen")]
    [InlineData("$d.GetTime('creationDate')", "creationDate")]
    public void A_devices_times_are_its_unix_milliseconds(string script, string field)
    {
        Engine.Run("$d = (Get-DrmmDevice)[0]");

        long milliseconds = (long)Engine.Invoke($"$d.{field}").One.BaseObject;
        Assert.Equal(
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).LocalDateTime,
            Engine.Invoke(script).Well().One.BaseObject);
    }

    [Fact]
    public void An_alerts_time_can_be_read_too_and_a_time_that_is_null_is_null()
    {
        Engine.Run("$alert = (Get-DrmmAlert)[0]");

        Assert.IsType<DateTime>(Engine.Invoke("$alert.GetTime('timestamp')").Well().One.BaseObject);
        Assert.Null(Assert.Single(Engine.Run("$alert.GetTime('resolvedOn')")));
    }

    [Fact]
    public void A_day_without_a_time_of_day_stays_that_day()
    {
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Answer("{\"warrantyDate\":\"2027-03-01\"}")));

        Assert.Equal(
            new DateTime(2027, 3, 1),
            Engine.Invoke("(Get-DrmmDevice x).GetTime('warrantyDate')").Well().One.BaseObject);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("hostname")]
    [InlineData("udf")]
    [InlineData("online")]
    public void What_is_no_time_is_an_error_that_names_the_field(string field)
    {
        Engine.Run("$d = (Get-DrmmDevice)[0]");

        Assert.Contains($"«{field}»", Engine.Invoke($"$d.GetTime('{field}')").Error.ToString());
    }

    [Theory]
    [InlineData("ActivityLog")]
    [InlineData("Alert")]
    [InlineData("Device")]
    [InlineData("Filter")]
    [InlineData("Job")]
    [InlineData("JobResult")]
    [InlineData("Patch")]
    [InlineData("Quota")]
    [InlineData("SitePatch")]
    [InlineData("SystemStatus")]
    [InlineData("User")]
    public void Every_kind_of_object_with_times_has_the_method_also_when_it_comes_from_a_file_or_a_job(string kind)
    {
        Engine["kind"] = kind;

        foreach (string name in new[] { "DattoRMM.$kind", "Deserialized.DattoRMM.$kind" })
        {
            object time = Engine.Invoke(
                $"([pscustomobject]@{{ PSTypeName = \"{name}\"; at = '2026-06-01T00:00:00Z' }}).GetTime('at')")
                .Well().One.BaseObject;
            Assert.Equal(new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc), ((DateTime)time).ToUniversalTime());
        }
    }

    [Fact]
    public void The_method_is_no_field()
    {
        Engine.Run("$d = (Get-DrmmDevice)[0]");

        Assert.Equal(
            Json.Names(Sim.Read("account/devices").GetProperty("devices")[0]),
            Engine.Invoke("$d.PSObject.Properties.Name").Texts);
        Assert.Equal("CodeMethod", Text("[string] $d.PSObject.Members['GetTime'].MemberType"));
    }
}
