using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What was found on devices: audits, and software.</summary>
public sealed class AuditTests : EngineTest
{
    public AuditTests()
        : base("--devices 60 --sites 3")
    {
        Engine.Run("""
            $devices = Get-DrmmDevice
            $computer = ($devices | Where-Object deviceClass -eq device)[0]
            $esxi = ($devices | Where-Object deviceClass -eq esxihost)[0]
            $printer = ($devices | Where-Object deviceClass -eq printer)[0]
            """);
        Sim.Reset();
    }

    /// <summary>A device of each class, the path of its audit, and the type of the answer.</summary>
    public static TheoryData<string, string, string> Classes => new()
    {
        { "$computer", "device", "DattoRMM.DeviceAudit" },
        { "$esxi", "esxihost", "DattoRMM.EsxiHostAudit" },
        { "$printer", "printer", "DattoRMM.PrinterAudit" },
    };

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_piped_device_tells_its_class_so_that_one_request_is_enough(string device, string path, string type)
    {
        PSObject audit = Engine.Invoke($"{device} | Get-DrmmDeviceAudit").Well().One;

        string uid = Text($"{device}.uid");
        Assert.Equal($"GET /api/v2/audit/{path}/{uid}", Assert.Single(Sim.Calls()).Line);
        AssertAudit(audit, $"audit/{path}/{uid}", type, uid);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_uid_alone_is_taken_for_a_computers_until_the_api_refuses_it(string device, string path, string type)
    {
        string uid = Text($"{device}.uid");
        foreach (string script in new[]
        {
            $"Get-DrmmDeviceAudit {device}.uid",
            $"Get-DrmmDeviceAudit -DeviceUid {device}",
            $"{device}.uid | Get-DrmmDeviceAudit",
            $"[pscustomobject]@{{ deviceUid = {device}.uid }} | Get-DrmmDeviceAudit",
            $"@{{ deviceUid = {device}.uid }} | Get-DrmmDeviceAudit",
        })
        {
            Sim.Reset();

            PSObject audit = Engine.Invoke(script).Well().One;

            string[] requests = path == "device"
                ? [$"audit/device/{uid}"]
                : [$"audit/device/{uid}", $"device/{uid}", $"audit/{path}/{uid}"];
            Assert.Equal(
                requests.Select(request => "GET /api/v2/" + request), Sim.Calls().Select(call => call.Line));
            AssertAudit(audit, $"audit/{path}/{uid}", type, uid);
        }
    }

    [Theory]
    [InlineData("'ESXIHOST'", "esxihost")]
    [InlineData("'rmmnetworkdevice'", "device")]
    [InlineData("'unknown'", "device")]
    [InlineData("$null", "device")]
    public void The_class_that_stands_in_an_object_decides(string deviceClass, string path)
    {
        Engine.Invoke($"[pscustomobject]@{{ deviceUid = 'x'; deviceClass = {deviceClass} }} | Get-DrmmDeviceAudit");

        Assert.Equal($"GET /api/v2/audit/{path}/x", Assert.Single(Sim.Calls()).Line);
    }

    [Theory]
    [InlineData("Get-DrmmDevice", 0)]
    [InlineData("Get-DrmmDevice -Property hostname", 0)]
    [InlineData("(Get-DrmmDevice).uid", 2)]
    public void Those_of_all_devices_are_asked_for_side_by_side_and_come_in_order(string input, int moreForOthers)
    {
        // Else the client's look at its quota may come between.
        Engine.Run($"$inputs = {input}; $null = Get-DrmmQuota");
        Sim.Reset();
        Sim.Configure("\"latencyMs\": 50");

        Engine.Invoke("$audits = $inputs | Get-DrmmDeviceAudit -WarningAction SilentlyContinue");

        int others = int.Parse(Text("[string] @($devices | Where-Object deviceClass -in esxihost, printer).Count"));
        int audited = Engine.Run("$audits").Count;
        Assert.True(others > 0 && audited < 60);
        Assert.Equal(60 + moreForOthers * others + moreForOthers / 2 * (60 - audited), Sim.Calls().Count);
        Assert.Equal(8, Sim.Counters().MaxConcurrent);
        Assert.Equal(
            Engine.Invoke("($devices | Where-Object deviceClass -in device, esxihost, printer).uid").Texts,
            Engine.Invoke("$audits.deviceUid").Texts);
        Assert.NotEmpty(Engine.Run("$audits.bios.serialNumber"));
    }

    [Theory]
    [InlineData("$switch | Get-DrmmDeviceAudit")]
    [InlineData("$switch | Get-DrmmDeviceSoftware")]
    [InlineData("$esxi | Get-DrmmDeviceSoftware")]
    public void A_piped_device_of_a_class_without_audit_is_a_warning(string script)
    {
        Engine.Run("$switch = ($devices | Where-Object deviceClass -eq rmmnetworkdevice)[0]");
        Sim.Reset();

        Outcome outcome = Engine.Invoke(script).Well();

        Assert.Empty(outcome.Output);
        Assert.Contains(Text($"{script.Split(' ')[0]}.uid"), Assert.Single(outcome.Warnings));
        Assert.Equal(400, Assert.Single(Sim.Calls()).Status);
    }

    [Theory]
    [InlineData("Get-DrmmDeviceAudit $switch.uid")]
    [InlineData("Get-DrmmDeviceSoftware $switch")]
    [InlineData("Get-DrmmAuditDevice $esxi")]
    public void One_that_was_asked_for_by_its_uid_is_an_error(string script)
    {
        Engine.Run("$switch = ($devices | Where-Object deviceClass -eq rmmnetworkdevice)[0]");

        Assert.StartsWith("DrmmRejected,", Engine.Invoke(script).Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_device_that_must_have_an_audit_and_has_none_is_an_error()
    {
        Sim.Faults(Fault.On("GET /v2/audit/device/{deviceUid}", Fault.Status(400)));

        Outcome outcome = Engine.Invoke("$computer | Get-DrmmDeviceAudit");

        Assert.StartsWith("DrmmRejected,", outcome.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void An_alert_asks_for_the_audit_of_its_device()
    {
        Engine.Run("$alert = (Get-DrmmAlert)[0]");

        Assert.Equal(
            Text("$alert.alertSourceInfo.deviceUid"), Text("($alert | Get-DrmmDeviceAudit).deviceUid"));
    }

    [Theory]
    [InlineData("Get-DrmmAuditDevice $computer.uid", "device", "$computer", "DattoRMM.DeviceAudit")]
    [InlineData("Get-DrmmAuditESXi $esxi.uid", "esxihost", "$esxi", "DattoRMM.EsxiHostAudit")]
    [InlineData("Get-DrmmAuditPrinter $printer", "printer", "$printer", "DattoRMM.PrinterAudit")]
    public void The_gallerys_commands_give_only_what_the_api_gives(
        string script, string path, string device, string type)
    {
        PSObject audit = Engine.Invoke(script).Well().One;

        string request = $"audit/{path}/{Text($"{device}.uid")}";
        Assert.Equal("GET /api/v2/" + request, Assert.Single(Sim.Calls()).Line);
        Assert.Equal(type, audit.TypeNames[0]);
        Json.AssertSame(Sim.Read(request), audit);
    }

    [Fact]
    public void A_mac_address_finds_the_audits_of_its_devices()
    {
        Engine.Run("$mac = (Get-DrmmDeviceAudit $computer.uid).nics.macAddress | Where-Object { $_ }");
        Engine.Run("$mac = @($mac)[0]");
        Sim.Reset();

        IReadOnlyList<PSObject?> audits = Engine.Run("Get-DrmmDeviceAudit -MacAddress $mac");

        Received call = Assert.Single(Sim.Calls());
        Assert.StartsWith("/api/v2/audit/device/macAddress/", call.Path);
        JsonElement list = Sim.Read(call.Path["/api/v2/".Length..]);
        Assert.NotEmpty(audits);
        Assert.Equal(list.GetArrayLength(), audits.Count);
        Json.AssertSame(list[0], audits[0]);
        Assert.Equal("DattoRMM.DeviceAudit", audits[0]!.TypeNames[0]);
    }

    [Theory]
    [InlineData("Get-DrmmDeviceSoftware $computer.uid")]
    [InlineData("Get-DrmmDeviceSoftware -DeviceUid $computer")]
    [InlineData("$computer | Get-DrmmDeviceSoftware")]
    public void Software_says_on_which_device_it_is(string script)
    {
        IReadOnlyList<PSObject?> software = Engine.Run(script);

        JsonElement list = AssertSoftware(software);
        Assert.All(software, item => Assert.Equal([.. Json.Names(list[0]), "deviceUid"], Json.Names(item!)));
        Assert.All(software, item => Assert.Equal(Text("$computer.uid"), Value(item, "deviceUid")));
    }

    [Fact]
    public void The_gallerys_software_is_what_the_api_gives()
    {
        IReadOnlyList<PSObject?> software = Engine.Run("Get-DrmmAuditDeviceSoftware $computer.uid");

        JsonElement list = AssertSoftware(software);
        Json.AssertSame(list[0], software[0]);
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        Outcome outcome = Engine.Invoke("'nobody', $computer.uid | Get-DrmmDeviceAudit");

        Assert.StartsWith("DrmmNotFound,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal("nobody", outcome.Error.TargetObject?.ToString());
        Assert.Equal(Text("$computer.uid"), Value(outcome.One, "deviceUid"));
    }

    private JsonElement AssertSoftware(IReadOnlyList<PSObject?> software)
    {
        string path = $"audit/device/{Text("$computer.uid")}/software";
        Assert.All(Sim.Calls(), call => Assert.Equal("/api/v2/" + path, call.Path));
        JsonElement list = Sim.Read(path + "?max=250").GetProperty("software");
        Assert.NotEmpty(software);
        Assert.Equal(list.GetArrayLength(), software.Count);
        Assert.All(software, item => Assert.Equal("DattoRMM.Software", item!.TypeNames[0]));
        return list;
    }

    private void AssertAudit(PSObject audit, string request, string type, string uid)
    {
        JsonElement json = Sim.Read(request);
        Assert.Equal(type, audit.TypeNames[0]);
        Assert.Equal([.. Json.Names(json), "deviceUid"], Json.Names(audit));
        Assert.Equal(uid, Value(audit, "deviceUid"));
    }
}
