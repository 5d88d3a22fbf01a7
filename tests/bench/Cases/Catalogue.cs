namespace DattoRMM.Bench.Cases;

/// <summary>All cases, in the order in which they are measured.</summary>
internal static class Catalogue
{
    internal static IReadOnlyList<Case> All { get; } =
    [
        new("devices", "10,000 devices at 200 ms a response", DeviceListCases.Measure, Guards: true),
        new("yardstick", "the same without the module", DeviceListCases.MeasureYardstick),
        new(
            "text-to-object", "CPU of all threads from a page's text to kept objects", TextToObjectCase.Measure,
            Guards: true),
        new("script-module", "devices by a script module, and by ours, in pwsh", ScriptModuleCase.Measure),
        new("property", "what three fields of a device cost, beside all", PropertyCase.Measure),
        new("profile", "where the time from text to objects goes", ProfileCase.Measure),
        new("memory-device", "memory of a kept device", MemoryCase.Measure, Guards: true),
        new("memory-stream", "memory to stream an account", MemoryStreamCase.Measure),
        new("import", "Import-Module in a fresh process", ImportCase.Measure, Guards: true),
        new("component-script", "import, connect and one call in a fresh process", ComponentScriptCase.Measure),
        new("requests", "requests that a slow or short reader costs", RequestCase.Measure, Guards: true),
        new("audits-500", "audits of 500 devices by pipeline, 200 ms a response", FanOutCases.MeasureAudits),
        new("uids-500", "500 devices by uid, 200 ms a response", FanOutCases.MeasureUids),
        new("parallel-16", "500 audits in 16 runspaces, 200 ms a response", FanOutCases.MeasureParallel),
        new("growth-devices", "1,000, 10,000 and 100,000 devices", GrowthCases.MeasureDevices),
        new("growth-udfs", "30 and 300 user-defined fields", GrowthCases.MeasureUdfs),
        new("growth-pages", "1 to 16 pages side by side, 200 ms a response", GrowthCases.MeasurePages),
        new("growth-runspaces", "1, 4 and 16 runspaces on one account", GrowthCases.MeasureRunspaces),
        new("growth-latency", "1 ms to 1 s a response", GrowthCases.MeasureLatency),
        new("quota", "2,000 requests of one process, limit 600 in 6 s", QuotaCase.MeasureSingle),
        new("fleet", "200 processes on one account, limit 600 in 6 s", QuotaCase.MeasureFleet),
    ];

    internal static IReadOnlyCollection<string> Names => [.. All.Select(found => found.Name)];
}
