using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>A nested object is decoded when it is first read; nobody can tell.</summary>
public sealed class LazyMemberTests : EngineTest
{
    public LazyMemberTests()
        : base("--devices 300 --sites 3 --udfs 300") => Engine.Run("$devices = Get-DrmmDevice; $d = $devices[7]");

    [Fact]
    public void Its_value_is_there_when_it_is_read()
    {
        Json.AssertSame(
            Sim.Read("account/devices?max=250").GetProperty("devices")[7].GetProperty("udf"),
            Engine.Invoke("$d.udf").Well().One);
        Assert.Equal(
            Engine.Invoke("$d.udf.udf1").Texts,
            Engine.Invoke("$name = 'udf1'; $d.udf.$name").Texts);
    }

    [Fact]
    public void It_is_a_note_property_before_and_after_it_was_read()
    {
        const string Seen =
            "$p = $d.PSObject.Properties['udf']; [string] $p.MemberType; $p.TypeNameOfValue; $p.IsSettable";
        string[] expected = ["NoteProperty", "System.Management.Automation.PSCustomObject", "True"];

        Assert.Equal(expected, Engine.Invoke(Seen).Texts);
        Engine.Run("$null = $d.udf");
        Assert.Equal(expected, Engine.Invoke(Seen).Texts);
    }

    [Theory]
    [InlineData("$d.PSObject.Properties.Remove('udf'); $d.PSObject.Properties['udf'] -eq $null", "True")]
    [InlineData("$d.udf = 'mine'; $d.udf", "mine")]
    [InlineData("$d.udf.udf1 = 'mine'; $d.udf.udf1", "mine")]
    [InlineData("$d.udf.PSObject.Properties.Add([psnoteproperty]::new('udf301', 'mine')); $d.udf.udf301", "mine")]
    [InlineData("$d.udf.PSObject.Properties.Remove('udf1'); @($d.udf.PSObject.Properties).Count", "299")]
    [InlineData("[object]::ReferenceEquals($d.udf, $d.udf)", "True")]
    [InlineData("$c = $d.PSObject.Copy(); $c.udf.udf1 = 'mine'; $c.udf.udf1", "mine")]
    [InlineData("$c = $d.PSObject.Copy(); $c.udf = 'mine'; $d.udf -eq 'mine'", "False")]
    [InlineData("$c = $d.PSObject.Copy(); $d.udf = 'mine'; $c.udf -eq 'mine'", "False")]
    [InlineData("$d.PSObject.Properties.Add([psnoteproperty]::new('x', 1)); $d.x; $d.udf -ne $null", "1 True")]
    public void It_can_be_changed_as_any_property(string script, string expected) =>
        Assert.Equal(expected.Split(' '), Engine.Invoke(script).Well().Texts);

    [Fact]
    public void Its_text_is_what_scripts_compare_with()
    {
        Engine.Run("$server = $devices.Where({ $_.deviceType.category -eq 'Server' })[0]");

        Assert.Equal(["True"], Engine.Invoke("$server.deviceType -like '@{category=Server; *'").Texts);
        Assert.Equal(
            Engine.Invoke("\"@{category=Server; type=$($server.deviceType.type)}\"").Texts,
            Engine.Invoke("\"$($server.deviceType)\"").Texts);
        Assert.NotEmpty(Engine.Run("$devices | Where-Object deviceType -like '@{category=Server; *'"));
    }

    [Fact]
    public void It_goes_through_clixml_whole_and_leaves_nothing_of_its_own()
    {
        string xml = PSSerializer.Serialize(Engine["d"], 3);
        PSObject back = (PSObject)PSSerializer.Deserialize(xml);

        PSObject device = Engine.Invoke("$d").One;
        Assert.Equal(Json.Names(device), Json.Names(back));
        Assert.Equal("Deserialized.DattoRMM.Device", back.TypeNames[0]);
        Json.AssertSame(
            Sim.Read("account/devices?max=250").GetProperty("devices")[7].GetProperty("udf"), Value(back, "udf"));
    }

    [Fact]
    public void Sixteen_threads_that_read_it_first_get_the_same_object()
    {
        foreach (object? item in (object[])Engine["devices"]!)
        {
            PSPropertyInfo udf = ((PSObject)item!).Properties["udf"];
            ConcurrentBag<object> seen = [];
            using Barrier start = new(16);
            Thread[] threads = [.. Enumerable.Range(0, 16).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                seen.Add(udf.Value);
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());

            Assert.Equal(16, seen.Count);
            Assert.Single(seen.Distinct(ReferenceEqualityComparer.Instance));
        }
    }

    [Fact]
    public void It_holds_its_own_bytes_until_it_is_read_and_none_afterwards()
    {
        PSPropertyInfo udf = Engine.Invoke("$d").One.Properties["udf"];
        FieldInfo[] buffers = [.. udf.GetType()
            .GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(field => field.FieldType == typeof(byte[]))];
        long Held() => buffers.Sum(field => ((byte[]?)field.GetValue(udf))?.Length ?? 0);

        // 300 fields, a third of them filled, of 250 devices on the page.
        Assert.InRange(Held(), 300, 12_000);
        _ = udf.Value;
        Assert.Equal(0, Held());
    }

    [Fact]
    public void Small_objects_are_there_at_once_and_nulls_are_null()
    {
        const string Nested = """{"one":{"a":1},"none":null,"empty":{},"two":{"a":1,"b":{"c":{"d":2,"e":3}}}}""";
        Sim.Faults(Fault.On("GET /v2/any", Fault.Answer(Nested)));
        PSObject item = Engine.Invoke("Invoke-DrmmApi v2/any").Well().One;

        string Kind(string name) => item.Properties[name].GetType().Name;
        Assert.Equal("LazyProperty", Kind("two"));
        Assert.All(new[] { "one", "none", "empty" }, name => Assert.NotEqual("LazyProperty", Kind(name)));
        Assert.Null(Value(item, "none"));
        Assert.Equal("3", Engine.Invoke("(Invoke-DrmmApi v2/any).two.b.c.e").One.ToString());
    }
}
