using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What scripts written for parsed JSON find in an object.</summary>
public sealed class ObjectTests() : EngineTest("--devices 30 --sites 3 --extra-fields")
{
    [Theory]
    [InlineData("Get-DrmmAccount", "account", null)]
    [InlineData("Get-DrmmSite", "account/sites", "sites")]
    [InlineData("Get-DrmmDevice", "account/devices", "devices")]
    [InlineData("Get-DrmmAlert", "account/alerts/open", "alerts")]
    public void Unknown_fields_survive_in_their_order(string script, string path, string? items)
    {
        PSObject item = Engine.Invoke($"@({script})[0]").Well().One;

        JsonElement json = Sim.Read(path);
        json = items == null ? json : json.GetProperty(items)[0];
        Json.AssertSame(json, item);
        Assert.Equal("tomorrow", Value(item, "futureScalar"));
        Assert.Equal("pilot", Value((PSObject?)Value(item, "futureObject"), "stage"));
        Assert.Equal([1L, 2L, 3L], (object[])Value(item, "futureList")!);
    }

    [Fact]
    public void Every_device_and_every_alert_is_what_the_api_has()
    {
        JsonElement devices = Sim.Read("account/devices?max=250").GetProperty("devices");
        JsonElement alerts = Sim.Read("account/alerts/open?max=250").GetProperty("alerts");

        Assert.All(Engine.Run("Get-DrmmDevice").Index(), at => Json.AssertSame(devices[at.Index], at.Item));
        Assert.All(Engine.Run("Get-DrmmAlert").Index(), at => Json.AssertSame(alerts[at.Index], at.Item));
        // All the contexts of alerts are among the first: those that are known, and one that is not.
        Assert.Equal(24, Engine.Invoke("(Get-DrmmAlert).alertContext.'@class'").Texts.Distinct().Count());
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("0", 0L)]
    [InlineData("-1", -1L)]
    [InlineData("32767", 32767L)]
    [InlineData("4294967296", 4294967296L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("1.0", 1.0)]
    [InlineData("-0.25", -0.25)]
    [InlineData("1e3", 1000.0)]
    [InlineData("0.1", 0.1)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("\"\"", "")]
    [InlineData("\"2026-06-01T00:00:00Z\"", "2026-06-01T00:00:00Z")]
    [InlineData("\"äöü€😀\\u0000\\n\"", "äöü€😀\0\n")]
    [InlineData("\"\\ud83d\\ude00\"", "😀")]
    public void A_value_has_the_promised_type(string json, object? expected)
    {
        PSObject item = Answer($"{{\"before\":1,\"value\":{json},\"after\":2}}");

        Assert.Equal(["before", "value", "after"], Json.Names(item));
        object? value = Value(item, "value");
        Assert.Equal(expected, value);
        Assert.Equal(expected?.GetType(), value?.GetType());
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("123456789012345678901234567890")]
    public void An_integer_beyond_64_bits_keeps_all_its_digits(string json) =>
        Assert.Equal(BigInteger.Parse(json), Value(Answer($"{{\"value\":{json}}}"), "value"));

    [Fact]
    public void Lists_are_arrays_of_objects_whatever_is_in_them()
    {
        PSObject item = Answer("""{"empty":[],"mixed":[1,"a",null,[true,[]],{"x":{"y":1,"z":2}}],"nothing":{}}""");

        Assert.Empty(Assert.IsType<object?[]>(Value(item, "empty")));
        object?[] mixed = Assert.IsType<object?[]>(Value(item, "mixed"));
        Assert.Equal([1L, "a", null], mixed[..3]);
        Assert.Equal(true, Assert.IsType<object?[]>(mixed[3])[0]);
        Assert.Equal(2L, Value((PSObject?)Value((PSObject?)mixed[4], "x"), "z"));
        Assert.Empty(Assert.IsType<PSObject>(Value(item, "nothing")).Properties);
    }

    [Fact]
    public void Texts_that_repeat_are_whole_whatever_their_length()
    {
        // Short ones are sent once and referred to afterwards; where «short» ends is agreed between both sides.
        string[] texts = [.. Enumerable.Range(0, 140).Select(length => new string('x', length))];
        string list = string.Join(',', texts.Concat(texts).Select(text => $"\"{text}\""));

        PSObject item = Answer($"{{\"a\":[{list}],\"b\":{{\"c\":[{list}],\"d\":\"xx\"}},\"e\":[{list}]}}");

        Assert.Equal(texts.Concat(texts), (object?[])Value(item, "a")!);
        Assert.Equal(texts.Concat(texts), (object?[])Value(item, "e")!);
        Assert.Equal(texts.Concat(texts), (object?[])Value((PSObject?)Value(item, "b"), "c")!);
    }

    [Fact]
    public void Of_two_fields_that_differ_by_case_the_first_is_kept_and_a_verbose_line_says_so()
    {
        const string Answer = """{"Name":"first","name":"second","NAME":3,"":"unnamed","z":4}""";
        Sim.Faults(Fault.On("GET /v2/any", Fault.Answer(Answer)));

        Outcome outcome = Engine.Invoke("Invoke-DrmmApi v2/any -Verbose").Well();

        Assert.Equal(["Name", "z"], Json.Names(outcome.One));
        Assert.Equal("first", Value(outcome.One, "Name"));
        Assert.Contains(outcome.Verbose, line => line.Contains("\"Name\"") && line.Contains("\"NAME\""));
        Assert.DoesNotContain("second", outcome.AllText);
    }

    [Fact]
    public void An_answer_that_is_an_array_gives_its_elements()
    {
        Sim.Faults(Fault.On("GET /v2/any", Fault.Answer("""[1,{"a":1},null,"x"]""")));

        IReadOnlyList<PSObject?> items = Engine.Run("Invoke-DrmmApi v2/any");

        Assert.Equal(4, items.Count);
        Assert.Equal(1L, items[0]!.BaseObject);
        Assert.Equal(1L, Value(items[1], "a"));
        Assert.Null(items[2]);
    }

    [Fact]
    public void An_object_can_be_changed_as_any_custom_object()
    {
        Engine.Run("$device = (Get-DrmmDevice)[0]");
        string before = Text("$device.hostname");

        Assert.Equal(["changed", "more", "changed"], Engine.Invoke("""
            $device.hostname = 'changed'
            $device.PSObject.Properties.Add([psnoteproperty]::new('added', 'more'))
            $device.hostname, $device.added
            $copy = $device.PSObject.Copy()
            $copy.hostname = 'copied'
            $device.hostname
            """).Well().Texts);
        Assert.NotEqual("changed", before);
        Assert.Equal("copied", Text("$copy.hostname"));
        Assert.DoesNotContain("antivirus", Engine.Invoke(
            "$device.PSObject.Properties.Remove('antivirus'); $device.PSObject.Properties.Name").Texts);
    }

    [Fact]
    public void Every_field_is_a_note_property_of_a_custom_object()
    {
        PSObject device = Engine.Invoke("(Get-DrmmDevice)[0]").Well().One;

        Assert.IsType<PSCustomObject>(device.BaseObject);
        Assert.All(device.Properties, property => Assert.Equal(PSMemberTypes.NoteProperty, property.MemberType));
        Assert.All(device.Properties, property => Assert.True(property.IsSettable && property.IsInstance));
        Assert.Equal("DattoRMM.Device", device.TypeNames[0]);
        Assert.Contains("System.Management.Automation.PSCustomObject", device.TypeNames);
    }

    private PSObject Answer(string json)
    {
        Sim.Faults(Fault.On("GET /v2/any", Fault.Answer(json)));
        return Engine.Invoke("Invoke-DrmmApi v2/any").Well().One;
    }
}
