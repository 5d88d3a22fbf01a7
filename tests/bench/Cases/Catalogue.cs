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
        new("profile", "where the time from text to objects goes", ProfileCase.Measure),
        new("memory-device", "memory of a kept device", MemoryCase.Measure, Guards: true),
        new("memory-stream", "memory to stream an account", MemoryStreamCase.Measure),
        new("import", "Import-Module in a fresh process", ImportCase.Measure, Guards: true),
        new("component-script", "import, connect and one call in a fresh process", ComponentScriptCase.Measure),
        new("quota", "2,000 requests of one process, limit 600 in 6 s", QuotaCase.MeasureSingle),
        new("fleet", "200 processes on one account, limit 600 in 6 s", QuotaCase.MeasureFleet),
    ];

    internal static IReadOnlyCollection<string> Names => [.. All.Select(found => found.Name)];
}
