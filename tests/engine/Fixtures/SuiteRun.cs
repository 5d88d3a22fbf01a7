using System.Reflection;
using System.Text;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace DattoRMM.Tests.Fixtures;

/// <summary>Runs the tests in this process and tells of each in a line, where there is no <c>dotnet test</c>.</summary>
internal sealed class SuiteRun : Xunit.LongLivedMarshalByRefObject, IMessageSink
{
    private static readonly Assembly s_assembly = Assembly.GetExecutingAssembly();

    private readonly string[] _names;
    private readonly List<ITestCase> _cases = [];
    private readonly ManualResetEventSlim _done = new();
    private int _passed;
    private int _failed;
    private int _skipped;

    private SuiteRun(string[] names) => _names = names;

    /// <summary>Runs those whose full name holds one of the names; all if there are none.</summary>
    /// <returns>The process's exit code.</returns>
    internal static int Run(string[] names)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        SuiteRun run = new(names);
        using XunitTestFramework framework = new(run);
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(s_assembly));
        discoverer.Find(includeSourceInformation: false, run, new Options());
        run._done.Wait();
        run._done.Reset();
        using ITestFrameworkExecutor executor = framework.GetExecutor(s_assembly.GetName());
        executor.RunTests(run._cases, run, new Options());
        run._done.Wait();
        Console.Out.WriteLine($"{run._passed} passed; {run._failed} failed; {run._skipped} ignored");
        return run._failed == 0 ? 0 : 1;
    }

    bool IMessageSink.OnMessage(IMessageSinkMessage message)
    {
        lock (_done)
        {
            Take(message);
        }
        return true;
    }

    private void Take(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage { TestCase: { } found } when IsWanted(found):
                _cases.Add(found);
                break;
            case ITestPassed test:
                _passed++;
                string told = test.Output.Length > 0 ? ": " + test.Output.Trim().ReplaceLineEndings(" ") : "";
                Console.Out.WriteLine($"passed   {test.Test.DisplayName} ({test.ExecutionTime:0.00} s){told}");
                break;
            case ITestSkipped test:
                _skipped++;
                Console.Out.WriteLine($"skipped  {test.Test.DisplayName}: {test.Reason}");
                break;
            case ITestFailed test:
                Fail(test.Test.DisplayName, test);
                break;
            // What goes wrong outside of a test, in a fixture's end for example.
            case IFailureInformation fault:
                Fail(message.GetType().Name, fault);
                break;
            case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                _done.Set();
                break;
        }
    }

    private bool IsWanted(ITestCase found) =>
        _names.Length == 0 || Array.Exists(_names, name => found.DisplayName.Contains(name));

    private void Fail(string name, IFailureInformation fault)
    {
        _failed++;
        Console.Out.WriteLine($"failed   {name}");
        foreach (string? text in fault.Messages.Concat(fault.StackTraces))
        {
            Console.Out.WriteLine(text);
        }
    }

    /// <summary>The framework's defaults, but for the number of threads, as in <c>xunit.runner.json</c>.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = new() { ["xunit.execution.MaxParallelThreads"] = 4 };

        public TValue GetValue<TValue>(string name) =>
            _values.TryGetValue(name, out object? value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
