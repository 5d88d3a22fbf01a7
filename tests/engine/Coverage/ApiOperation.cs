using System.Text.Json;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests.Coverage;

/// <summary>An operation of the API: a method, and a path with the names of what stands in it.</summary>
public sealed record ApiOperation(string Method, string Path)
{
    /// <summary>Where their list is kept, so that it is tested wherever the tests run.</summary>
    public const string File = "tests/engine/Data/operations.txt";

    /// <summary>All operations, by path.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
        [.. System.IO.File.ReadAllLines(System.IO.Path.Combine(Paths.Root, File)).Select(Parse)];

    /// <summary>All operations that the API's own description has.</summary>
    public static IEnumerable<ApiOperation> Read(string description)
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(description));
        return [.. document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, method) =>
                new ApiOperation(method.Name.ToUpperInvariant(), path.Name))
            .OrderBy(operation => operation.Path, StringComparer.Ordinal)
            .ThenBy(operation => operation.Method, StringComparer.Ordinal)];
    }

    /// <summary>The operation that a request asks for.</summary>
    public static ApiOperation Of(Received request)
    {
        string[] path = request.Path["/api".Length..].TrimEnd('/').Split('/');
        return All.Where(operation => operation.Method == request.Method && operation.Matches(path))
            // A word of the path rather than a name: «id» in /v2/device/id/{deviceId} is no uid.
            .MinBy(operation => operation.Path.Count(letter => letter == '{'))
            ?? new ApiOperation(request.Method, request.Path);
    }

    public override string ToString() => $"{Method} {Path}";

    private static ApiOperation Parse(string line) => new(line.Split(' ')[0], line.Split(' ')[1]);

    private bool Matches(string[] path)
    {
        string[] template = Path.Split('/');
        return template.Length == path.Length
            && template.Zip(path).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));
    }
}
