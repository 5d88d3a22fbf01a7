using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>The simulator, which shares this machine with what is measured.</summary>
internal static class Server
{
    /// <summary>
    /// Starts one that does not compare its answers with the API's description: that takes it longer than to make
    /// them, and not every machine has the description.
    /// </summary>
    internal static Simulator Start(string options) => Simulator.Start(options, checksAnswers: false);
}
