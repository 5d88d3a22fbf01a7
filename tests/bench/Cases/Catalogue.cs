namespace DattoRMM.Bench.Cases;

/// <summary>All cases, in the order in which they are measured.</summary>
internal static class Catalogue
{
    internal static IReadOnlyList<Case> All { get; } =
    [
        new("devices-200ms", "10,000 devices, 200 ms a response", DeviceListCases.Time),
        new("first-device", "the first device on the pipeline", DeviceListCases.FirstDevice),
        new("cpu-10k", "CPU of all threads for 10,000 devices", DeviceListCases.Cpu),
        new("text-to-object", "CPU of all threads from a page's text to kept objects", TextToObjectCase.Measure),
        new("profile", "where the time from text to objects goes", ProfileCase.Measure),
        new("memory-device", "memory of a kept device", MemoryCase.Measure),
        new("memory-stream", "memory to stream an account", MemoryStreamCase.Measure),
        new("import", "Import-Module in a fresh process", ImportCase.Measure),
    ];

    internal static IReadOnlyCollection<string> Names => [.. All.Select(found => found.Name)];
}
