using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>A runspace of the engine, with <c>Measure-Item</c> in it.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    internal Shell()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }
        state.Commands.Add(new SessionStateCmdletEntry("Measure-Item", typeof(MeasureItemCommand), null));
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>A shell that has imported the module and connected.</summary>
    internal static Shell Connected(Account account)
    {
        Shell shell = new();
        shell.Connect(account);
        return shell;
    }

    /// <summary>Imports the module and connects.</summary>
    internal void Connect(Account account)
    {
        Set("module", Paths.Manifest);
        Set("url", account.Url);
        Set("key", account.Key);
        Set("secret", account.Secret);
        Run("Import-Module $module");
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
        Set("tally", tally);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Run(script);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        TimeSpan first = Stopwatch.GetElapsedTime(start, tally.FirstAt);
        return tally.Count == expected
            ? new Sample(took.TotalSeconds, first.TotalSeconds, cpu.TotalSeconds)
            : throw new InvalidOperationException($"{script}: {tally.Count} objects instead of {expected}");
    }

    public void Dispose() => _runspace.Dispose();
}
