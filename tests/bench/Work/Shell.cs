using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>A runspace of the engine, with the benchmark's own commands in it.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    /// <summary>The commands that are not the module's.</summary>
    private static readonly SessionStateCmdletEntry[] s_commands =
    [
        new("Measure-Item", typeof(MeasureItemCommand), null),
        new("Select-First", typeof(SelectFirstCommand), null),
    ];

    /// <param name="more">Commands that only this one has.</param>
    internal Shell(params SessionStateCmdletEntry[] more)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }
        state.Commands.Add([.. s_commands, .. more]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>A shell that has imported the module and connected.</summary>
    internal static Shell Connected(Account account, params SessionStateCmdletEntry[] more)
    {
        Shell shell = new(more);
        shell.Connect(account);
        return shell;
    }

    /// <summary>A shell that has imported the module, and that finds the process's connection.</summary>
    internal static Shell Imported()
    {
        Shell shell = new();
        shell.Import();
        return shell;
    }

    /// <summary>Imports the module and connects.</summary>
    internal void Connect(Account account)
    {
        Import();
        Set("url", account.Url);
        Set("key", account.Key);
        Set("secret", account.Secret);
        Run("Connect-DrmmApi -Url $url -Key $key -SecretKey $secret");
    }

    internal void Set(string variable, object value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    /// <summary>Runs a script that must write no error.</summary>
    internal void Run(string script)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script).Invoke();
        if (shell.HadErrors)
        {
            throw new InvalidOperationException($"{script}: {string.Join("; ", shell.Streams.Error)}");
        }
    }

    /// <summary>
    /// Runs a script that pipes its objects into <c>Measure-Item $tally</c>, as a user would call it: parsing and
    /// binding count.
    /// </summary>
    internal Sample Measure(string script, Tally tally, int expected)
    {
        Sample sample = Measure(script, tally);
        return tally.Count == expected
            ? sample
            : throw new InvalidOperationException($"{script}: {tally.Count} objects instead of {expected}");
    }

    /// <summary>As the other, whatever the number of its objects.</summary>
    internal Sample Measure(string script, Tally tally)
    {
        Set("tally", tally);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Run(script);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        TimeSpan first = Stopwatch.GetElapsedTime(start, tally.FirstAt);
        return new Sample(took.TotalSeconds, first.TotalSeconds, cpu.TotalSeconds);
    }

    public void Dispose() => _runspace.Dispose();

    private void Import()
    {
        Set("module", Paths.Manifest);
        Run("Import-Module $module");
    }
}
