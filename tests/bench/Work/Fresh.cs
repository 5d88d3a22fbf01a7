using System.Text.Json;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>Work in a fresh process, where nothing is compiled, loaded or known from an earlier run.</summary>
internal static class Fresh
{
    /// <summary>A large account takes its time on a machine that has other work.</summary>
    static Fresh() => Child.Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs a static method of this program in a child; it returns what <see cref="Give"/> makes.</summary>
    internal static IReadOnlyList<T> Run<T>(Func<string[], IEnumerable<string>> part, params string[] arguments) =>
        [.. Child.Run(part, arguments).Select(line => JsonSerializer.Deserialize<T>(line)!)];

    /// <summary>A result, as it goes from the child to its parent.</summary>
    internal static string Give<T>(T result) => JsonSerializer.Serialize(result);
}
