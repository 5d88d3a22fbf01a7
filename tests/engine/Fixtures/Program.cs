namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// The program that the tests are: the child of a test, or, where they were published for a machine without an SDK,
/// their own runner.
/// </summary>
internal static class Program
{
    internal static int Main(string[] line) => line switch
    {
        ["run", .. string[] names] => SuiteRun.Run(names),
        ["serve"] => SimulatorHost.Serve(),
        _ => Child.Play(line),
    };
}
