using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class DeviceWarrantyTests : EngineTest
{
    public DeviceWarrantyTests()
    {
        Engine.Run("$devices = Get-DrmmDevice; $device = $devices[3]; $uid = $device.uid");
        Sim.Reset();
    }

    private string Uid => (string)Engine["uid"]!;

    [Theory]
    [InlineData("Set-DrmmDeviceWarranty $uid 2027-01-31")]
    [InlineData("Set-DrmmDeviceWarranty -deviceUid $uid -warrantyDate 2027-01-31")]
    [InlineData("Set-DrmmDeviceWarranty $device ([datetime] '2027-01-31 13:45')")]
    [InlineData("Set-DrmmDeviceWarranty $uid ([psobject] ' 2027-01-31 ')")]
    public void A_day_is_set_and_the_answers_text_comes_back_as_with_the_gallery_module(string script)
    {
        Assert.Equal("", Text(script));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(
            ($"POST /api/v2/device/{Uid}/warranty", """{"warrantyDate":"2027-01-31"}"""), (call.Line, call.Body));
        Assert.Equal("2027-01-31", Sim.Read($"device/{Uid}").GetProperty("warrantyDate").GetString());
    }

    [Theory]
    [InlineData("$uid | Set-DrmmDeviceWarranty -Clear", "null", 1)]
    [InlineData("Set-DrmmDeviceWarranty $uid -Clear", "null", 1)]
    [InlineData("$devices | Set-DrmmDeviceWarranty -Clear", "null", 20)]
    [InlineData("$devices | Set-DrmmDeviceWarranty -WarrantyDate 2030-12-01", "\"2030-12-01\"", 20)]
    [InlineData("[pscustomobject]@{ deviceUid = $uid } | Set-DrmmDeviceWarranty -w 2030-12-01", "\"2030-12-01\"", 1)]
    public void Devices_come_from_the_pipeline_and_a_date_is_cleared_on_demand_only(
        string script, string date, int count)
    {
        Assert.Empty(Engine.Run(script));

        IReadOnlyList<Received> calls = Sim.Calls();
        Assert.Equal(count, calls.Count);
        Assert.All(calls, call => Assert.Equal(($$"""{"warrantyDate":{{date}}}""", 200), (call.Body, call.Status)));
        string? expected = date == "null" ? null : date.Trim('"');
        Assert.Equal(expected, Sim.Read($"device/{Uid}").GetProperty("warrantyDate").GetString());
    }

    [Theory]
    [InlineData("de-DE", "'31.01.2027'", "2027-01-31")]
    [InlineData("de-DE", "'01.02.2027'", "2027-02-01")]
    [InlineData("en-GB", "'31/01/2027'", "2027-01-31")]
    [InlineData("en-US", "'01/02/2027'", "2027-01-02")]
    [InlineData("en-US", "'31.01.2027'", "2027-01-31")]
    [InlineData("en-US", "'Jan 31, 2027'", "2027-01-31")]
    [InlineData("de-DE", "'2027-02-01T23:59:59-11:00'", "2027-02-01")]
    [InlineData("de-DE", "'2027-02-01 23:59'", "2027-02-01")]
    [InlineData("de-DE", "([datetimeoffset] '2027-02-01T23:59:59-11:00')", "2027-02-01")]
    [InlineData("de-DE", "'Feb 1, 2027'", "2027-02-01")]
    public void A_date_is_read_as_the_sessions_culture_writes_it(string culture, string date, string day)
    {
        Engine.Run($"""
            [Threading.Thread]::CurrentThread.CurrentCulture = '{culture}'
            $null = Set-DrmmDeviceWarranty $uid {date}
            """);

        Assert.Equal($$"""{"warrantyDate":"{{day}}"}""", Assert.Single(Sim.Calls()).Body);
    }

    [Theory]
    [InlineData("$null", "-Clear clears the date")]
    [InlineData("''", "-Clear clears the date")]
    [InlineData("' '", "-Clear clears the date")]
    [InlineData("$missing.warrantyDate", "-Clear clears the date")]
    [InlineData("soon", "«soon» is no date")]
    [InlineData("2027-02-30", "«2027-02-30» is no date")]
    [InlineData("14:00", "«14:00» is no date")]
    [InlineData("31.01.27", "«31.01.27» is no date")]
    [InlineData("'1 May'", "«1 May» is no date")]
    [InlineData("01/02/2027", "«01/02/2027» may mean 2027-02-01 or 2027-01-02")]
    [InlineData("20270131", "type System.Int32 is no date")]
    [InlineData("$true", "type System.Boolean is no date")]
    [InlineData("@{ a = 1 }", "type System.Collections.Hashtable is no date")]
    public void What_is_no_date_or_may_be_two_is_an_invalid_argument_and_nothing_is_sent(string date, string message)
    {
        foreach (string script in new[] { "Set-DrmmDeviceWarranty $uid", "$device | Set-DrmmDeviceWarranty" })
        {
            ErrorRecord error = Engine.Invoke($"""
                [Threading.Thread]::CurrentThread.CurrentCulture = 'en-GB'
                {script} -WarrantyDate {date}
                """).Error;

            Assert.StartsWith("DrmmInvalidArgument,", error.FullyQualifiedErrorId);
            Assert.Contains(message, error.ToString());
        }
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("en-US", "01.02.2027", "«01.02.2027» may mean 2027-01-02 or 2027-02-01")]
    [InlineData("", "01.02.2027", "«01.02.2027» may mean 2027-01-02 or 2027-02-01")]
    [InlineData("de-DE", "01/02/2027", "«01/02/2027» may mean 2027-02-01 or 2027-01-02")]
    public void A_date_that_others_write_the_other_way_round_is_refused(string culture, string date, string message)
    {
        ErrorRecord error = Engine.Invoke($"""
            [Threading.Thread]::CurrentThread.CurrentCulture = '{culture}'
            Set-DrmmDeviceWarranty $uid {date}
            """).Error;

        Assert.Contains(message, error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("$device | Set-DrmmDeviceWarranty")]
    [InlineData("$device | Set-DrmmDeviceWarranty -Clear:$false")]
    [InlineData("$device | Set-DrmmDeviceWarranty -Clear -WarrantyDate 2027-01-31")]
    [InlineData("Set-DrmmDeviceWarranty $uid -Clear:$false")]
    public void Either_a_date_or_clear_has_to_say_what_becomes_of_it(string script)
    {
        Assert.Contains("Either -WarrantyDate", Engine.Invoke(script).Error.ToString());
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void What_if_says_which_date_would_be_set_or_cleared()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("Set-DrmmDeviceWarranty the-uid 2027-01-31 -WhatIf; Set-DrmmDeviceWarranty the-uid -Clear -WhatIf");

        Assert.Contains("Set the warranty date to 2027-01-31", host.Text);
        Assert.Contains("Clear the warranty date", host.Text);
        Assert.Contains("device the-uid", host.Text);
    }
}
