using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class DeviceUdfTests : EngineTest
{
    private const string Refused = "DrmmInvalidArgument,DattoRMM.Commands.SetDrmmDeviceUdfCommand";

    public DeviceUdfTests()
        : base("--devices 20 --sites 3 --udfs 300")
    {
        Engine.Run("$devices = Get-DrmmDevice; $device = $devices[3]; $uid = $device.uid");
        Sim.Reset();
    }

    private string Uid => (string)Engine["uid"]!;

    [Theory]
    [InlineData("Set-DrmmDeviceUdf $uid", "{}")]
    [InlineData("Set-DrmmDeviceUdf $uid a", """{"udf1":"a"}""")]
    [InlineData("Set-DrmmDeviceUdf $uid a '' c", """{"udf1":"a","udf2":"","udf3":"c"}""")]
    [InlineData("Set-DrmmDeviceUdf -deviceUid $uid -udf30 z -udf2 $null", """{"udf2":null,"udf30":"z"}""")]
    [InlineData("Set-DrmmDeviceUdf $uid -udf10 a b", """{"udf1":"b","udf10":"a"}""")]
    [InlineData("Set-DrmmDeviceUdf $device -udf1 x", """{"udf1":"x"}""")]
    [InlineData(
        "Set-DrmmDeviceUdf $uid 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30",
        null)]
    public void Fields_by_name_or_position_are_sent_as_with_the_gallery_module_and_the_answers_text_comes_back(
        string script, string? body)
    {
        body ??= "{" + string.Join(',', Enumerable.Range(1, 30).Select(at => $"\"udf{at}\":\"{at}\"")) + "}";

        Assert.Equal("", Text(script));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"POST /api/v2/device/{Uid}/udf", body), (call.Line, call.Body));
    }

    [Theory]
    [InlineData("@{ 5 = 'x' }", """{"udf5":"x"}""")]
    [InlineData("@{ '5' = 'x' }", """{"udf5":"x"}""")]
    [InlineData("@{ udf5 = 'x' }", """{"udf5":"x"}""")]
    [InlineData("@{ UDF300 = 'x'; 31 = 'ä'; 1 = '' }", """{"udf1":"","udf31":"ä","udf300":"x"}""")]
    [InlineData("([ordered]@{ [long] 7 = $null; [psobject] 'udf8' = [psobject] 'y' })", """{"udf7":null,"udf8":"y"}""")]
    public void A_table_sets_any_of_the_300_fields_and_nothing_comes_out(string table, string body)
    {
        Assert.Empty(Engine.Run($"Set-DrmmDeviceUdf $uid -Udf {table}"));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"POST /api/v2/device/{Uid}/udf", body), (call.Line, call.Body));
    }

    [Fact]
    public void What_is_set_is_there_what_is_deleted_is_gone_and_all_else_is_kept()
    {
        JsonElement before = Sim.Read($"device/{Uid}").GetProperty("udf");

        Engine.Run("Set-DrmmDeviceUdf $uid -Udf @{ 1 = 'one'; 2 = ''; 3 = $null; 299 = 'Gebäude' }");

        JsonElement after = Sim.Read($"device/{Uid}").GetProperty("udf");
        foreach (JsonProperty field in before.EnumerateObject())
        {
            string? expected = field.Name switch
            {
                "udf1" => "one",
                "udf2" or "udf3" => null,
                "udf299" => "Gebäude",
                _ => field.Value.GetString(),
            };
            Assert.Equal(expected, after.GetProperty(field.Name).GetString());
        }
    }

    [Theory]
    [InlineData("$true", "true")]
    [InlineData("[switch] $false", "false")]
    [InlineData("7", "7")]
    [InlineData("1.5", "1.5")]
    [InlineData("0.10d", "0.10")]
    [InlineData("[float] 0.1", "0.1")]
    [InlineData("[bigint]::Parse('123456789012345678901234567890')", "123456789012345678901234567890")]
    [InlineData("[datetime] '2027-01-31'", "2027-01-31")]
    [InlineData("[datetimeoffset] '2027-01-31T00:00:00+09:00'", "2027-01-31")]
    [InlineData("[datetime]::SpecifyKind('2027-01-31 13:45:00', 'Utc')", "2027-01-31T13:45:00.0000000Z")]
    [InlineData("[guid]::Empty", "00000000-0000-0000-0000-000000000000")]
    [InlineData("[DayOfWeek]::Monday", "Monday")]
    [InlineData("[char] 'ä'", "ä")]
    [InlineData("[ipaddress] '10.0.0.1'", "10.0.0.1")]
    public void A_value_that_is_no_text_is_sent_as_one_whatever_the_culture(string value, string sent)
    {
        foreach (string script in new[]
        {
            $"Set-DrmmDeviceUdf $uid ({value})",
            $"Set-DrmmDeviceUdf $uid -Udf @{{ 1 = {value} }}",
            $"[pscustomobject]@{{ deviceUid = $uid; udf1 = {value} }} | Set-DrmmDeviceUdf",
        })
        {
            Engine.Run($"[Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'; $null = {script}");
        }

        Assert.All(Sim.Calls(), call =>
            Assert.Equal(sent, JsonDocument.Parse(call.Body).RootElement.GetProperty("udf1").GetString()));
        Assert.Equal(3, Sim.Calls().Count(call => call.Status == 200));
    }

    [Theory]
    [InlineData("@{ 0 = 'x' }", "«0»")]
    [InlineData("@{ 301 = 'x' }", "«301»")]
    [InlineData("@{ -1 = 'x' }", "«-1»")]
    [InlineData("@{ 1.5 = 'x' }", "«1.5»")]
    [InlineData("@{ udf05 = 'x' }", "«udf05»")]
    [InlineData("@{ udf = 'x' }", "«udf»")]
    [InlineData("@{ hostname = 'x' }", "«hostname»")]
    [InlineData("@{ $device = 'x' }", "«System.Management.Automation.PSCustomObject»")]
    [InlineData("@{ 5 = 'x'; udf5 = 'y' }", "two values for the user-defined field 5")]
    [InlineData("@{ 5 = @('a', 'b') }", "type System.Object[] does not go into a user-defined field (5)")]
    [InlineData("@{ 5 = @{} }", "type System.Collections.Hashtable does not go")]
    [InlineData("@{ 5 = [securestring]::new() }", "type System.Security.SecureString does not go")]
    [InlineData("@{ 5 = $device }", "type System.Management.Automation.PSCustomObject does not go")]
    [InlineData("'x'", "type System.String is no table")]
    [InlineData("$device.udf", "type System.Management.Automation.PSCustomObject is no table")]
    public void A_table_that_is_not_understood_is_refused_once_and_nothing_is_sent(string table, string message)
    {
        foreach (string script in new[] { "Set-DrmmDeviceUdf $uid", "$devices | Set-DrmmDeviceUdf" })
        {
            ErrorRecord error = Engine.Invoke($"{script} -Udf {table}").Error;

            Assert.IsAssignableFrom<ParameterBindingException>(error.Exception);
            Assert.Contains(message, error.ToString());
        }
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf $null", "-Udf is null or empty")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf @{}", "-Udf is null or empty")]
    [InlineData("$device | Set-DrmmDeviceUdf -Udf @{}", "-Udf is null or empty")]
    [InlineData("Set-DrmmDeviceUdf $uid @('a', 'b')", "type System.Object[] does not go into")]
    [InlineData("Set-DrmmDeviceUdf $uid -udf7 $device", "(7)")]
    [InlineData("Set-DrmmDeviceUdf $uid -Typed", "no value for any user-defined field")]
    [InlineData("$uid | Set-DrmmDeviceUdf", "no value for any user-defined field")]
    [InlineData("$device | Set-DrmmDeviceUdf", "no value for any user-defined field")]
    [InlineData("$device | Set-DrmmDeviceUdf -ClearEmpty", "no value for any user-defined field")]
    [InlineData("[pscustomobject]@{ deviceUid = $uid; 'udf 5' = 'x' } | Set-DrmmDeviceUdf", "no value for any")]
    [InlineData("[pscustomobject]@{ deviceUid = $uid; udf301 = 'x' } | Set-DrmmDeviceUdf", "«udf301»")]
    [InlineData("[pscustomobject]@{ deviceUid = $uid; udf05 = '' } | Set-DrmmDeviceUdf", "«udf05»")]
    [InlineData("@{ deviceUid = $uid; udf0 = 'x' } | Set-DrmmDeviceUdf", "«udf0»")]
    [InlineData("[pscustomobject]@{ deviceUid = $uid; udf5 = 1, 2 } | Set-DrmmDeviceUdf", "(5)")]
    [InlineData("$device | Set-DrmmDeviceUdf -Udf @{ 5 = 'x' } -udf5 y", "two values for the user-defined field 5")]
    [InlineData("[pscustomobject]@{ udf5 = 'x' } | Set-DrmmDeviceUdf", "deviceUid")]
    [InlineData("(Get-DrmmSite)[0] | Set-DrmmDeviceUdf -Udf @{ 5 = 'x' }", "uid of a device")]
    public void What_sets_nothing_or_what_is_not_there_is_an_invalid_argument_and_nothing_is_sent(
        string script, string message)
    {
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Equal(Refused, error.FullyQualifiedErrorId);
        Assert.Contains(message, error.ToString());
        Assert.DoesNotContain(Sim.Calls(), call => call.Method != "GET");
    }

    [Fact]
    public void Rows_set_the_fields_that_their_columns_name_and_pass_over_empty_ones()
    {
        // As Import-Csv gives them, with columns that are about something else.
        Outcome outcome = Engine.Invoke("""
            $rows = 0..3 | ForEach-Object {
                $row = [pscustomobject]@{ deviceUid = $devices[$_].uid; hostname = 'h'; udf1 = "a$_"; UDF31 = '' }
                $row.PSObject.TypeNames.Insert(0, 'CSV:System.Management.Automation.PSCustomObject')
                $row
            }
            $rows[1].udf31 = 'b'; $rows[2].udf1 = $null; $rows[3].udf1 = [DBNull]::Value
            $rows | Set-DrmmDeviceUdf -Verbose
            """).Well();

        Assert.Empty(outcome.Output);
        Assert.Equal(
            [
                ($"/api/v2/device/{Text("$devices[0].uid")}/udf", """{"udf1":"a0"}"""),
                ($"/api/v2/device/{Text("$devices[1].uid")}/udf", """{"udf1":"a1","udf31":"b"}"""),
            ],
            Sim.Calls().Select(call => (call.Path, call.Body)));
        foreach (int row in new[] { 2, 3 })
        {
            Assert.Contains(outcome.Verbose, line =>
                line.StartsWith($"device {Text($"$devices[{row}].uid")}: all columns of the input are empty"));
        }
    }

    [Theory]
    [InlineData(
        "[pscustomobject]@{ deviceUid = $uid; udf1 = ''; udf2 = $null; udf3 = 'c' } | Set-DrmmDeviceUdf -ClearEmpty",
        """{"udf1":"","udf2":null,"udf3":"c"}""")]
    [InlineData("@{ deviceUid = $uid; udf7 = ''; udf8 = 'h' } | Set-DrmmDeviceUdf", """{"udf8":"h"}""")]
    [InlineData(
        "[pscustomobject]@{ deviceUid = $uid; udf1 = 'row'; udf2 = 'b' } | Set-DrmmDeviceUdf -Udf @{ 1 = 'named' }",
        """{"udf1":"named","udf2":"b"}""")]
    [InlineData(
        "[pscustomobject]@{ deviceUid = $uid; udf1 = 'row' } | Set-DrmmDeviceUdf -Udf @{ 40 = 'x' } -udf1 $null",
        """{"udf1":null,"udf40":"x"}""")]
    [InlineData("$device | Set-DrmmDeviceUdf -Udf @{ 5 = 'x' }", """{"udf5":"x"}""")]
    [InlineData("$device | Set-DrmmDeviceUdf -Udf @{ 5 = 'x' } -ClearEmpty", """{"udf5":"x"}""")]
    [InlineData("$uid | Set-DrmmDeviceUdf -udf9 x", """{"udf9":"x"}""")]
    [InlineData(
        "$device.PSObject.Properties.Add([psnoteproperty]::new('udf6', 'y')); $device | Set-DrmmDeviceUdf",
        """{"udf6":"y"}""")]
    public void Input_and_parameters_together_say_what_is_set(string script, string body)
    {
        Assert.Empty(Engine.Run(script));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"POST /api/v2/device/{Uid}/udf", body), (call.Line, call.Body));
    }

    [Theory]
    [InlineData("'x'", "\"valueString\":\"x\"")]
    [InlineData("$true", "\"valueBoolean\":true")]
    [InlineData("7", "\"valueNumber\":7")]
    [InlineData("1.5", "\"valueNumber\":1.5")]
    [InlineData("[datetime] '2027-01-31 13:45'", "\"valueDate\":\"2027-01-31\"")]
    [InlineData("[datetimeoffset] '2027-01-31T23:45:00-11:00'", "\"valueDate\":\"2027-01-31\"")]
    [InlineData("''", "\"valueString\":null")]
    [InlineData("$null", "\"valueString\":null")]
    public void Typed_values_go_to_v3_as_what_they_are(string value, string item)
    {
        foreach (string script in new[]
        {
            $"Set-DrmmDeviceUdf $uid -Udf @{{ 41 = {value} }} -Typed",
            $"$device | Set-DrmmDeviceUdf -Udf @{{ 41 = {value} }} -Typed",
            $"[pscustomobject]@{{ deviceUid = $uid; udf41 = {value} }} | Set-DrmmDeviceUdf -ClearEmpty -Typed",
        })
        {
            Sim.Reset();

            Engine.Invoke(script);

            Received call = Assert.Single(Sim.Calls());
            Assert.Equal(
                ($"POST /api/v3/device/{Uid}/udf", $$"""{"udfs":[{"ordinal":41,{{item}}}]}"""),
                (call.Line, call.Body));
        }
    }

    [Fact]
    public void A_typed_value_of_another_type_than_its_field_is_refused_by_the_server_and_an_untyped_one_is_not()
    {
        // Field 12 is a date in the simulator's account, field 13 a boolean.
        Engine.Run("Set-DrmmDeviceUdf $uid -Udf @{ 12 = [datetime] '2027-01-31'; 13 = $true } -Typed");
        Outcome refused = Engine.Invoke("Set-DrmmDeviceUdf $uid -Udf @{ 12 = 'soon' } -Typed");
        Engine.Run("Set-DrmmDeviceUdf $uid -Udf @{ 13 = 7 }");

        Assert.StartsWith("DrmmRejected,", refused.Error.FullyQualifiedErrorId);
        JsonElement udf = Sim.Read($"device/{Uid}").GetProperty("udf");
        Assert.Equal(("2027-01-31", "7"), (udf.GetProperty("udf12").GetString(), udf.GetProperty("udf13").GetString()));
    }

    [Fact]
    public void What_if_names_the_device_and_the_fields_and_no_value()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("Set-DrmmDeviceUdf the-uid -Udf @{ 7 = 'hush'; 12 = $null; 300 = 'hush' } -WhatIf");
        engine.Run("[pscustomobject]@{ deviceUid = 'other'; udf9 = '' } | Set-DrmmDeviceUdf -ClearEmpty -WhatIf");

        Assert.Contains("Set user-defined fields 7, 300 and delete 12", host.Text);
        Assert.Contains("device the-uid", host.Text);
        Assert.Contains("Delete user-defined fields 9", host.Text);
        Assert.DoesNotContain("hush", host.Text);
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_of_its_own_and_the_others_are_set()
    {
        Outcome outcome = Engine.Invoke("""
            $devices[0].uid, 'ffffffff-0000-4000-8000-000000000000', $devices[1].uid |
                Set-DrmmDeviceUdf -Udf @{ 5 = 'x' }
            """);

        Assert.Equal(ErrorCategory.ObjectNotFound, outcome.Error.CategoryInfo.Category);
        Assert.Equal([200, 404, 200], Sim.Calls().Select(call => call.Status));
    }
}
