using System.Management.Automation;

namespace DattoRMM.Tests.Fixtures;

/// <summary>The base of tests that have a simulator and a connected runspace of their own, each test anew.</summary>
public abstract class EngineTest : IDisposable
{
    protected EngineTest(string simulator = "--devices 20 --sites 3")
    {
        Sim = Simulator.Start(simulator);
        try
        {
            Engine = Engine.Connected(Sim);
        }
        catch
        {
            Sim.Dispose();
            throw;
        }
    }

    protected Simulator Sim { get; }

    protected Engine Engine { get; }

    public void Dispose()
    {
        // Ends the session too, so that an account of a later simulator on the same port starts anew.
        Engine.Invoke("Disconnect-DrmmApi");
        Engine.Dispose();
        Sim.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The one text that a script gives.</summary>
    protected string Text(string script) => (string)Engine.Invoke(script).Well().One.BaseObject;

    /// <summary>The value of a property.</summary>
    protected static object? Value(PSObject? item, string property) =>
        item!.Properties[property] is { } found
            ? found.Value
            : throw new KeyNotFoundException($"no property {property} in {item}");
}
