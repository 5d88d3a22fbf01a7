using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Xunit;

namespace DattoRMM.Tests.Fixtures;

/// <summary>A runspace of the real engine, with the built module imported.</summary>
public sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    /// <param name="host">What stands for the console; by default nothing does.</param>
    /// <param name="import">Whether to import the module.</param>
    public Engine(PSHost? host = null, bool import = true)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }
        _runspace = host == null
            ? RunspaceFactory.CreateRunspace(state)
            : RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        if (import)
        {
            this["module"] = Paths.Manifest;
            Run("Import-Module $module");
        }
    }

    /// <summary>A variable of the runspace.</summary>
    public object? this[string variable]
    {
        get => _runspace.SessionStateProxy.GetVariable(variable);
        set => _runspace.SessionStateProxy.SetVariable(variable, value);
    }

    /// <summary>Imports the module and connects to a simulator, which scripts find as <c>$sim</c>.</summary>
    public static Engine Connected(Simulator simulator)
    {
        Engine engine = new();
        engine.Connect(simulator);
        return engine;
    }

    /// <summary>Connects to a simulator, which scripts find as <c>$sim</c>.</summary>
    public void Connect(Simulator simulator)
    {
        this["sim"] = simulator;
        Run("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret");
    }

    /// <summary>Runs a script that must write no error, and gives its output.</summary>
    public IReadOnlyList<PSObject?> Run(string script) => Invoke(script).Well().Output;

    /// <summary>Runs a script and gives all that it wrote.</summary>
    public Outcome Invoke(string script)
    {
        using Running running = Start(script);
        return running.Finish();
    }

    /// <summary>Starts a script on a thread of its own.</summary>
    public Running Start(string script)
    {
        PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return new Running(shell);
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>A script that runs.</summary>
public sealed class Running : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_promptAgain = TimeSpan.FromSeconds(1);

    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject?> _output = [];
    private readonly IAsyncResult _run;

    internal Running(PowerShell shell)
    {
        _shell = shell;
        _run = shell.BeginInvoke<PSObject, PSObject?>(null, _output);
    }

    /// <summary>Returns as soon as it shows a progress that holds this text.</summary>
    public void WaitForProgress(string text)
    {
        PSDataCollection<ProgressRecord> shown = _shell.Streams.Progress;
        using ManualResetEventSlim added = new();
        shown.DataAdded += (_, _) => added.Set();
        Stopwatch waited = Stopwatch.StartNew();
        while (!shown.Any(record => record.StatusDescription.Contains(text)))
        {
            if (!added.Wait(s_patience - waited.Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero))
            {
                throw new TimeoutException($"no progress with «{text}» within {s_patience}");
            }
            added.Reset();
        }
    }

    /// <summary>Waits for its end.</summary>
    public Outcome Finish()
    {
        RuntimeException? thrown = null;
        try
        {
            _shell.EndInvoke(_run);
        }
        catch (RuntimeException fault)
        {
            thrown = fault;
        }
        return new Outcome(_shell, _output, thrown);
    }

    /// <summary>
    /// Stops it, as Ctrl+C does, and asserts that the prompt would be there again within a second: no single stop may
    /// take longer, however busy the machine is. That most take half of it at the most is for those to say who stop
    /// several times.
    /// </summary>
    public Outcome StopInTime() => StopInTime(out _);

    /// <summary>As the other, and gives how long that took.</summary>
    public Outcome StopInTime(out TimeSpan took)
    {
        Stopwatch waited = Stopwatch.StartNew();
        _shell.Stop();
        took = waited.Elapsed;
        Outcome outcome = Finish();
        Assert.True(outcome.Stopped, "it had ended before it was stopped");
        Assert.InRange(took, TimeSpan.Zero, s_promptAgain);
        return outcome;
    }

    public void Dispose()
    {
        _shell.Dispose();
        _output.Dispose();
    }
}
