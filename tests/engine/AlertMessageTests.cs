using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What alerts say: <c>GetMessage</c>, and the properties that the gallery's command adds.</summary>
public sealed class AlertMessageTests() : EngineTest("--devices 20 --sites 3 --alerts-open 60")
{
    /// <summary>A context, and what is said of it.</summary>
    private static readonly (string Context, string Message)[] s_messages =
    [
        (
            """{"@class":"antivirus_ctx","productName":"Sophos","status":"NOTRUNNING"}""",
            "Antivirus Sophos is not running"),
        ("""{"@class":"antivirus_ctx","productName":null,"status":"NOTDETECTED"}""", "Antivirus was not found"),
        (
            """{"@class":"antivirus_ctx","productName":"x","status":"RUNNINGNOTUPTODATE"}""",
            "Antivirus x is running, but not up to date"),
        ("""{"@class":"comp_script_ctx","samples":{"Status":"Größe\r\n\tüber 5"}}""", "Größe über 5"),
        ("""{"@class":"comp_script_ctx","samples":{"A":"x","B":"","C":3}}""", "A: x; C: 3"),
        ("""{"@class":"comp_script_ctx","samples":null}""", "Component monitor"),
        (
            """{"@class":"custom_snmp_ctx","displayName":"Toner","currentValue":"7","monitorInstance":"1.3"}""",
            "Toner (1.3) is 7"),
        ("""{"@class":"custom_snmp_ctx","currentValue":"7"}""", "SNMP value is 7"),
        ("""{"@class":"disk_health_ctx","reason":"Disk 3 fails","type":"DISKHEALTH"}""", "Disk health: Disk 3 fails"),
        (
            """{"@class":"endpoint_security_threat_ctx","esAlertId":"7","description":"A threat"}""",
            "A threat (alert 7)"),
        ("""{"@class":"endpoint_security_windows_defender_ctx","description":"A threat"}""", "A threat"),
        (
            """
            {"@class":"eventlog_ctx","logName":"System","code":"7031","type":"ERROR","source":"SCM",
            "description":"It stopped.","triggerCount":3}
            """,
            "Event 7031 (ERROR) of SCM in System, 3 times: It stopped."),
        ("""{"@class":"eventlog_ctx","code":1,"triggerCount":1,"type":""}""", "Event 1"),
        ("""{"@class":"fan_ctx","reason":"Fan 2 stopped"}""", "Fan: Fan 2 stopped"),
        (
            """
            {"@class":"fs_object_ctx","sample":2000.25,"threshold":1024.5,"path":"C:\\Logs",
            "objectType":"DIRECTORY","condition":"ABOVE_THRESHOLD"}
            """,
            "Folder C:\\Logs is above its limit: 2000.25, limit 1024.5"),
        (
            """{"@class":"fs_object_ctx","sample":0,"path":"a.log","objectType":"FILE","condition":"REMOVED"}""",
            "File a.log was removed"),
        ("""{"@class":"fs_object_ctx","path":"a.log","condition":"CREATED"}""", "File a.log was created"),
        ("""{"@class":"fs_object_ctx","condition":"BELOW_THRESHOLD"}""", "File is below its limit"),
        ("""{"@class":"online_offline_status_ctx","status":"OFFLINE"}""", "Device srv-1 is offline"),
        (
            """{"@class":"patch_ctx","patchUid":"p1","result":"FAILED","info":"0x80070643"}""",
            "Patch p1: failed, 0x80070643"),
        (
            """{"@class":"perf_disk_usage_ctx","diskName":"C:","totalVolume":400.5,"freeSpace":50}""",
            "Disk C: has 12 % free"),
        (
            """{"@class":"perf_disk_usage_ctx","diskName":"C:","totalVolume":"400","freeSpace":"100"}""",
            "Disk C: has 25 % free"),
        (
            """{"@class":"perf_disk_usage_ctx","diskName":"C:","totalVolume":0,"freeSpace":0}""",
            "Disk C: is at its limit"),
        ("""{"@class":"perf_mon_ctx","value":12.345678}""", "Performance counter is at 12.35"),
        ("""{"@class":"perf_resource_usage_ctx","type":"MEMORY","percentage":97}""", "Memory usage is 97 %"),
        (
            """{"@class":"perf_resource_usage_ctx","type":"CPU","sample":97.5,"processName":"java"}""",
            "CPU usage is 97.5 %, most of it by java"),
        (
            """{"@class":"perf_resource_usage_ctx","type":"SNMP_THROUGHPUT","percentage":9}""",
            "SNMP throughput usage is 9 %"),
        (
            """{"@class":"ping_ctx","instanceName":"192.0.2.1","roundtripTime":90,"reasons":["PACKET_LOSS","x"]}""",
            "Ping of 192.0.2.1 took 90 ms (packet loss, x)"),
        (
            """{"@class":"process_resource_usage_ctx","processName":"java","type":"CPU","sample":99}""",
            "Process java: CPU usage is 99 %"),
        ("""{"@class":"process_status_ctx","processName":"java","status":"STOPPED"}""", "Process java is stopped"),
        ("""{"@class":"psu_ctx","reason":"PSU 1 failed"}""", "Power supply: PSU 1 failed"),
        (
            """
            {"@class":"ransomware_ctx","confidenceFactor":87,"affectedDirectories":["C:\\a","D:\\b"],
            "rwextension":".x"}
            """,
            "Ransomware suspected in C:\\a, D:\\b, extension .x, confidence 87"),
        (
            """
            {"@class":"sec_management_ctx","status":3,"virusName":"EICAR","infectedFiles":["a.com"],
            "productNotUpdatedForDays":4}
            """,
            "Webroot, status 3, found EICAR in a.com, not updated for 4 days"),
        (
            """
            {"@class":"sec_management_ctx","productName":"P","systemRemainsInfectedForHours":5,
            "expiryLicenseForDays":6}
            """,
            "P, infected for 5 hours, licence expiry 6 days"),
        (
            """{"@class":"srvc_resource_usage_ctx","serviceName":"Spooler","type":"MEMORY","sample":5}""",
            "Service Spooler: memory usage is 5 %"),
        ("""{"@class":"srvc_status_ctx","processName":"BITS","status":"STOPPENDING"}""", "Service BITS is stopping"),
        (
            """
            {"@class":"sw_action_ctx","packageName":"7-Zip","actionType":"VERSION_CHANGED",
            "prevVersion":"1","version":"2"}
            """,
            "Software 7-Zip changed from 1 to 2"),
        (
            """
            {"@class":"sw_action_ctx","packageName":"7-Zip","actionType":"INSTALLED","prevVersion":"1",
            "version":"2"}
            """,
            "Software 7-Zip 2 was installed"),
        (
            """{"@class":"sw_action_ctx","packageName":"7-Zip","actionType":"UNINSTALLED","prevVersion":"1"}""",
            "Software 7-Zip 1 was removed"),
        ("""{"@class":"temperature_ctx","degree":71.5}""", "Temperature is 71.5 degrees"),
        ("""{"@class":"wmi_ctx","value":"42"}""", "WMI query gave 42"),
        // Classes that came after the table.
        ("""{"@class":"network_monitor_ctx","description":"Port 7 is down"}""", "Network monitor: Port 7 is down"),
        (
            """{"@class":"backup_management_ctx","errorMessage":"No space","timeout":30}""",
            "Backup management: No space"),
        ("""{"@class":"printer_ctx","currentLevel":3,"ok":false,"none":null}""", "Printer: currentLevel 3, ok no"),
        ("""{"@class":"new_thing"}""", "New thing"),
        ("""{"value":7}""", "Alert: value 7"),
        ("""{}""", "Alert"),
    ];

    /// <summary>The classes of the API's description that have a line of their own.</summary>
    private static readonly string[] s_classes =
    [
        "antivirus_ctx", "comp_script_ctx", "custom_snmp_ctx", "disk_health_ctx", "eventlog_ctx", "fan_ctx",
        "fs_object_ctx", "online_offline_status_ctx", "patch_ctx", "perf_disk_usage_ctx", "perf_mon_ctx",
        "perf_resource_usage_ctx", "ping_ctx", "process_resource_usage_ctx", "process_status_ctx", "psu_ctx",
        "ransomware_ctx", "sec_management_ctx", "srvc_resource_usage_ctx", "srvc_status_ctx", "sw_action_ctx",
        "temperature_ctx", "wmi_ctx",
    ];

    [Fact]
    public void Every_context_is_told_in_a_line_of_its_own()
    {
        foreach ((string context, string expected) in s_messages)
        {
            Assert.Equal(expected, AlertMessages.GetMessage(Alert(context)));
        }
    }

    [Fact]
    public void Every_class_has_a_line_even_when_its_fields_are_missing()
    {
        foreach (string name in s_classes)
        {
            string bare = AlertMessages.GetMessage(Alert($$"""{"@class":"{{name}}"}"""));
            string nulls = AlertMessages.GetMessage(Alert($$"""{"@class":"{{name}}","status":null,"value":null}"""));

            Assert.Matches("^[A-Z][A-Za-z0-9 :-]+$", bare);
            Assert.Equal(bare, nulls);
        }
    }

    [Theory]
    [InlineData("[pscustomobject]@{}", "Alert without details")]
    [InlineData("[pscustomobject]@{ alertContext = $null }", "Alert without details")]
    [InlineData("[pscustomobject]@{ alertContext = 'cut off by a job' }", "cut off by a job")]
    public void An_alert_without_context_has_a_line_too(string alert, string expected) =>
        Assert.Equal(expected, AlertMessages.GetMessage(Engine.Invoke(alert).One));

    [Fact]
    public void Every_alert_of_the_api_has_the_method()
    {
        IReadOnlyList<PSObject?> classes = Engine.Run("$alerts = Get-DrmmAlert; $alerts.alertContext.'@class'");
        IReadOnlyList<string?> messages = Engine.Invoke("$alerts | ForEach-Object { $_.GetMessage() }").Well().Texts;

        // The simulator has one that the description does not know.
        Assert.Equal(
            s_classes.Append("hypervisor_replica_ctx").Order(),
            classes.Select(name => name!.ToString()).Distinct().Order());
        Assert.Equal(classes.Count, messages.Count);
        Assert.All(messages, message => Assert.DoesNotMatch("[\r\n\t]|  |_ctx|^$", message!));
    }

    [Fact]
    public void The_method_outlives_a_job()
    {
        Engine.Run("""
            $alert = Get-DrmmAlert | Where-Object { $_.alertContext.'@class' -eq 'wmi_ctx' }
            $xml = [Management.Automation.PSSerializer]
            $copy = $xml::Deserialize($xml::Serialize($alert[0]))
            """);

        Assert.Equal(Text("$alert[0].GetMessage()"), Text("$copy.GetMessage()"));
    }

    [Fact]
    public void The_message_is_added_to_every_alert_in_place_and_it_is_given_back()
    {
        Engine.Run("$alerts = Get-DrmmAlert; $given = $alerts | Add-DrmmAlertMessage");

        Assert.Equal(60, Engine.Run("$given").Count);
        foreach (int i in new[] { 0, 30, 59 })
        {
            Assert.True((bool)Engine.Invoke($"[object]::ReferenceEquals($given[{i}], $alerts[{i}])").One.BaseObject);
            Assert.Equal(
                ["alertType", "alertMessage"],
                Engine.Run($"$alerts[{i}]")[0]!.Properties.Select(property => property.Name).TakeLast(2));
            Assert.Equal(Text($"$alerts[{i}].GetMessage()"), Text($"$alerts[{i}].alertMessage"));
        }
    }

    [Fact]
    public void Adding_it_again_says_what_the_alert_says_now()
    {
        Engine.Run("""
            $alert = Get-DrmmAlert | Where-Object { $_.alertContext.'@class' -eq 'wmi_ctx' } | Add-DrmmAlertMessage
            $alert[0].alertContext.value = 'other'
            $null = $alert[0] | Add-DrmmAlertMessage
            """);

        Assert.Equal("WMI query gave other", Text("$alert[0].alertMessage"));
    }

    [Theory]
    [InlineData("antivirus_ctx", "Antivirus")]
    [InlineData("comp_script_ctx", "Component")]
    [InlineData("eventlog_ctx", "EventLog")]
    [InlineData("fs_object_ctx", "FileFolderSize")]
    [InlineData("online_offline_status_ctx", "Offline")]
    [InlineData("patch_ctx", "Patch")]
    [InlineData("perf_disk_usage_ctx", "Disk")]
    [InlineData("perf_mon_ctx", "Performance")]
    [InlineData("perf_resource_usage_ctx", "Performance")]
    [InlineData("ping_ctx", "Ping")]
    [InlineData("process_resource_usage_ctx", "Process")]
    [InlineData("process_status_ctx", "Process")]
    [InlineData("sec_management_ctx", "Webroot")]
    [InlineData("srvc_resource_usage_ctx", "Service")]
    [InlineData("srvc_status_ctx", "Service")]
    [InlineData("sw_action_ctx", "Software")]
    [InlineData("wmi_ctx", "WMI")]
    [InlineData("network_monitor_ctx", "Network monitor")]
    public void The_type_is_the_word_that_scripts_compare(string name, string expected)
    {
        Engine["alert"] = Alert($$"""{"@class":"{{name}}"}""");

        Assert.Equal(expected, Text("(Add-DrmmAlertMessage $alert).alertType"));
    }

    [Theory]
    [InlineData("Add-DrmmAlertMessage $alerts")]
    [InlineData("Add-DrmmAlertMessage -alert $alerts")]
    [InlineData("$alerts | Add-DrmmAlertMessage")]
    [InlineData(", $alerts | Add-DrmmAlertMessage")]
    public void Several_alerts_are_handled_however_they_are_given(string script)
    {
        Engine.Run("$alerts = (Get-DrmmAlert)[0..2]");

        Assert.Equal(3, Engine.Run(script).Count);
        Assert.Equal(3, Engine.Run("$alerts.alertMessage").Count);
    }

    [Fact]
    public void What_is_no_alert_is_given_back_as_it_is()
    {
        Assert.Equal(
            ["text", "7", "@{a=1}"],
            Engine.Invoke("'text', 7, [pscustomobject]@{ a = 1 }, $null | Add-DrmmAlertMessage").Well().Texts);
        Assert.Empty(Engine.Run("Add-DrmmAlertMessage; Add-DrmmAlertMessage $null"));
        Assert.Empty(Sim.Calls());
    }

    [Theory]
    [InlineData("Set-DrmmAlertMute")]
    [InlineData("Set-DrmmAlertUnmute")]
    public void Muting_is_refused_with_the_reason_and_nothing_is_sent(string command)
    {
        Outcome outcome = Engine.Invoke($"try {{ {command} the-uid }} catch {{ $_ }}; {command} -alertUid the-uid");

        ErrorRecord error = Assert.IsType<ErrorRecord>(Assert.Single(outcome.Output)!.BaseObject);
        Assert.Equal(ErrorCategory.NotImplemented, error.CategoryInfo.Category);
        Assert.StartsWith("DrmmWithdrawn,", error.FullyQualifiedErrorId);
        Assert.Equal("the-uid", error.TargetObject);
        Assert.Contains("8.9.0", error.ToString());
        Assert.NotEmpty(outcome.Errors);
        Assert.Empty(Sim.Calls());
    }

    /// <summary>An alert of the device <c>srv-1</c> with a context, given as JSON.</summary>
    private static PSObject Alert(string context)
    {
        using JsonDocument document = JsonDocument.Parse(context);
        return Object(
            ("alertSourceInfo", Object(("deviceName", "srv-1"))), ("alertContext", Value(document.RootElement)));
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Object([.. json.EnumerateObject().Select(field => (field.Name, Value(field.Value)))]),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.Number => json.TryGetInt64(out long integer) ? integer : json.GetDouble(),
        JsonValueKind.Null => null,
        JsonValueKind.String => json.GetString(),
        _ => json.GetBoolean(),
    };

    private static PSObject Object(params (string Name, object? Value)[] fields)
    {
        PSObject result = new();
        foreach ((string name, object? value) in fields)
        {
            result.Properties.Add(new PSNoteProperty(name, value));
        }
        return result;
    }
}
