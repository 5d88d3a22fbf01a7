using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace DattoRMM.Objects;

/// <summary>
/// What an alert says, in one line: by the class of its context, which names the monitor that raised it. The method
/// that <c>DattoRMM.Types.ps1xml</c> adds to alerts.
/// </summary>
public static class AlertMessages
{
    private const string Suffix = "_ctx";

    /// <summary>
    /// A word for each class, which scripts for the gallery module compare (where it has the class), and the line.
    /// The field names are those of the API's description, and those met beside it.
    /// </summary>
    private static readonly Dictionary<string, (string Word, Func<AlertContext, string> Line)> s_classes =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["antivirus_ctx"] = ("Antivirus", it => $"Antivirus{it["productName", " {0}"]}{State(it)}"),
            ["comp_script_ctx"] = ("Component", Samples),
            ["custom_snmp_ctx"] = ("SNMP", it =>
                $"{Or("SNMP value", it["displayName"])}{it["monitorInstance", " ({0})"]}"
                + it["currentValue", " is {0}"]),
            ["disk_health_ctx"] = ("DiskHealth", it => $"Disk health{it["reason", ": {0}"]}"),
            ["endpoint_security_threat_ctx"] = ("EndpointSecurity", Threat),
            ["endpoint_security_windows_defender_ctx"] = ("EndpointSecurity", Threat),
            ["eventlog_ctx"] = ("EventLog", it =>
                $"Event{it["code", " {0}"]}{it["type", " ({0})"]}{it["source", " of {0}"]}{it["logName", " in {0}"]}"
                + $"{Times(it)}{it["description", ": {0}"]}"),
            ["fan_ctx"] = ("Fan", it => $"Fan{it["reason", ": {0}"]}"),
            ["fs_object_ctx"] = ("FileFolderSize", FileOrFolder),
            ["online_offline_status_ctx"] = ("Offline", it =>
                $"Device{AlertContext.Put(it.DeviceName, " {0}")}{State(it)}"),
            ["patch_ctx"] = ("Patch", it =>
                $"Patch{it["patchUid", " {0}"]}{AlertContext.Put(Lower(it["result"]), ": {0}")}{it["info", ", {0}"]}"),
            ["perf_disk_usage_ctx"] = ("Disk", Disk),
            ["perf_mon_ctx"] = ("Performance", it => $"Performance counter{it["value", " is at {0}"]}"),
            ["perf_resource_usage_ctx"] = ("Performance", it =>
                $"{Capital(Resource(it))} usage{Share(it, " is {0} %")}{it["processName", ", most of it by {0}"]}"),
            ["ping_ctx"] = ("Ping", it =>
                $"Ping{it["instanceName", " of {0}"]}{it["roundtripTime", " took {0} ms"]}"
                + AlertContext.Put(Lower(it["reasons"]), " ({0})")),
            ["process_resource_usage_ctx"] = ("Process", it =>
                $"Process{it["processName", " {0}"]}: {Resource(it)} usage{Share(it, " is {0} %")}"),
            ["process_status_ctx"] = ("Process", it => $"Process{it["processName", " {0}"]}{State(it)}"),
            ["psu_ctx"] = ("PSU", it => $"Power supply{it["reason", ": {0}"]}"),
            ["ransomware_ctx"] = ("Ransomware", it =>
                $"Ransomware suspected{it["affectedDirectories", " in {0}"]}{it["rwextension", ", extension {0}"]}"
                + it["confidenceFactor", ", confidence {0}"]),
            ["sec_management_ctx"] = ("Webroot", Webroot),
            ["srvc_resource_usage_ctx"] = ("Service", it =>
                $"{Service(it)}: {Resource(it)} usage{Share(it, " is {0} %")}"),
            ["srvc_status_ctx"] = ("Service", it => $"{Service(it)}{State(it)}"),
            ["sw_action_ctx"] = ("Software", Software),
            ["temperature_ctx"] = ("Temperature", it => $"Temperature{it["degree", " is {0} degrees"]}"),
            ["wmi_ctx"] = ("WMI", it => $"WMI query{it["value", " gave {0}"]}"),
        };

    /// <summary>What the state of a monitored thing is called; others are told in small letters.</summary>
    private static readonly Dictionary<string, string> s_states = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NOTDETECTED"] = "was not found",
        ["NOTRUNNING"] = "is not running",
        ["RUNNINGNOTUPTODATE"] = "is running, but not up to date",
        ["STARTPENDING"] = "is starting",
        ["STOPPENDING"] = "is stopping",
        ["CONTINUEPENDING"] = "is going on after a pause",
        ["PAUSEPENDING"] = "is pausing",
    };

    /// <summary>What an alert says, in one line, whatever its class: <c>$alert.GetMessage()</c>.</summary>
    /// <param name="instance">The alert.</param>
    public static string GetMessage(PSObject instance)
    {
        if (instance == null)
        {
            return "";
        }
        AlertContext context = new(instance);
        if (s_classes.TryGetValue(context.Class, out (string Word, Func<AlertContext, string> Line) known))
        {
            return known.Line(context);
        }
        return context.HasFields ? Unknown(context) : Or("Alert without details", context.Text());
    }

    /// <summary>What kind of monitor raised an alert, in a word; null if the alert does not say.</summary>
    internal static string? GetWord(PSObject alert)
    {
        string name = new AlertContext(alert).Class;
        return s_classes.TryGetValue(name, out (string Word, Func<AlertContext, string> Line) known)
            ? known.Word
            : name.Length == 0 ? null : Spoken(name);
    }

    /// <summary>A class that came after this table: its name, and what it says of itself, or all its fields.</summary>
    private static string Unknown(AlertContext it)
    {
        string details = it.First("description", "errorMessage", "message", "reason");
        if (details.Length == 0)
        {
            details = string.Join(", ", it.Pairs().Select(field => field.Key + " " + field.Value));
        }
        return Or("Alert", Spoken(it.Class)) + AlertContext.Put(details, ": {0}");
    }

    /// <summary>The class <c>network_monitor_ctx</c> as words: Network monitor.</summary>
    private static string Spoken(string name)
    {
        string stem = name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
            ? name.Substring(0, name.Length - Suffix.Length)
            : name;
        return Capital(stem.Replace('_', ' ').Trim());
    }

    private static string Samples(AlertContext it)
    {
        IReadOnlyList<KeyValuePair<string, string>> samples = it.Pairs("samples");
        return samples.Count switch
        {
            0 => Or("Component monitor", it["samples"]),
            // The name that the component gives its only result says nothing more.
            1 => samples[0].Value,
            _ => string.Join("; ", samples.Select(sample => sample.Key + ": " + sample.Value)),
        };
    }

    private static string Threat(AlertContext it) =>
        Or("Endpoint security", it["description"]) + it["esAlertId", " (alert {0})"];

    private static string FileOrFolder(AlertContext it)
    {
        string subject = (IsWord(it["objectType"], "DIRECTORY") ? "Folder" : "File") + it["path", " {0}"];
        string sizes = it["sample", ": {0}"] + it["threshold", ", limit {0}"];
        return it["condition"].ToUpperInvariant() switch
        {
            "REMOVED" => subject + " was removed",
            "CREATED" => subject + " was created",
            "ABOVE_THRESHOLD" => subject + " is above its limit" + sizes,
            "BELOW_THRESHOLD" => subject + " is below its limit" + sizes,
            _ => subject + sizes,
        };
    }

    private static string Disk(AlertContext it)
    {
        string subject = "Disk" + it["diskName", " {0}"];
        // Both are in the same unit, which the API does not tell.
        return it.Number("freeSpace") is { } free && it.Number("totalVolume") is > 0 and { } total
            ? subject + " has " + Math.Round(free / total * 100).ToString(CultureInfo.InvariantCulture) + " % free"
            : subject + " is at its limit";
    }

    private static string Webroot(AlertContext it) => Or("Webroot", it["productName"])
        + it["status", ", status {0}"]
        + it["virusName", ", found {0}"]
        + it["infectedFiles", " in {0}"]
        + it["systemRemainsInfectedForHours", ", infected for {0} hours"]
        + it["productNotUpdatedForDays", ", not updated for {0} days"]
        + it["expiryLicenseForDays", ", licence expiry {0} days"];

    private static string Software(AlertContext it)
    {
        string subject = "Software" + it["packageName", " {0}"];
        return it["actionType"].ToUpperInvariant() switch
        {
            "INSTALLED" => subject + it["version", " {0}"] + " was installed",
            "UNINSTALLED" => subject + AlertContext.Put(it.First("prevVersion", "version"), " {0}") + " was removed",
            "VERSION_CHANGED" => subject + " changed" + it["prevVersion", " from {0}"] + it["version", " to {0}"],
            _ => subject + it["version", " {0}"],
        };
    }

    /// <summary>The description says processName, the service says serviceName.</summary>
    private static string Service(AlertContext it) =>
        "Service" + AlertContext.Put(it.First("serviceName", "processName"), " {0}");

    private static string Resource(AlertContext it) => it["type"].ToUpperInvariant() switch
    {
        "CPU" => "CPU",
        "MEMORY" => "memory",
        "SNMP_THROUGHPUT" => "SNMP throughput",
        "" => "resource",
        _ => Lower(it["type"]),
    };

    /// <summary>The description says sample, the service says percentage where no process is meant.</summary>
    private static string Share(AlertContext it, string format) =>
        AlertContext.Put(it.First("percentage", "sample"), format);

    private static string State(AlertContext it)
    {
        string state = it["status"];
        return state.Length == 0 ? ""
            : s_states.TryGetValue(state, out string? words) ? " " + words
            : " is " + Lower(state);
    }

    private static string Times(AlertContext it) =>
        it.Number("triggerCount") is > 1 ? it["triggerCount", ", {0} times"] : "";

    private static string Capital(string text) =>
        text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text.Substring(1);

    private static string Lower(string text) => text.Replace('_', ' ').ToLowerInvariant();

    private static string Or(string fallback, string text) => text.Length > 0 ? text : fallback;

    private static bool IsWord(string text, string word) =>
        string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
