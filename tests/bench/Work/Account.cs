using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>What it takes to log in, as it is handed to a child process.</summary>
internal sealed record Account(string Url, string Key, string Secret)
{
    internal static Account Of(Simulator simulator) => new(simulator.Url, simulator.Key, simulator.Secret);

    internal static Account Parse(string[] arguments) => new(arguments[0], arguments[1], arguments[2]);

    internal string[] ToArguments() => [Url, Key, Secret];
}
