using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// What all commands that call the API share. A command describes its calls; everything else is done here, once:
/// connection, confirmation of writes, running calls side by side, streaming, messages, stopping, errors.
/// </summary>
public abstract class CallingCommand : PSCmdlet, IDisposable
{
    private const int ReadsSideBySide = 8;
    private const int WritesSideBySide = 1;

    private Pump? _pump;
    private Connection? _borrowed;

    /// <summary>The connection to use, as <c>Connect-DrmmApi -PassThru</c> gives it.</summary>
    [Parameter]
    [ValidateNotNull]
    public Connection? Connection { get; set; }

    /// <summary>Whether it runs once, whatever is piped in, as a plain function does.</summary>
    private protected virtual bool IgnoresInput => false;

    /// <summary>How many inputs to work on side by side; null for what suits reads and writes.</summary>
    private protected virtual int? Limit => null;

    /// <summary>Says what went wrong before it is an error, where scripts expect that.</summary>
    private protected virtual void Announce(DrmmException fault)
    {
    }

    /// <summary>Describes the calls for one input.</summary>
    /// <exception cref="DrmmException">The input is refused; that is reported, and the next one goes on.</exception>
    private protected abstract IEnumerable<Call> DescribeAll();

    /// <summary>Adds to each call what all of a kind of commands have in common.</summary>
    private protected virtual Call Complete(Call call) => call;

    /// <summary>Makes what waits for answers.</summary>
    protected sealed override void BeginProcessing() => _pump = new Pump(this, Announce);

    /// <summary>Starts the calls for one input, and writes what is ready.</summary>
    protected sealed override void ProcessRecord()
    {
        if (!IgnoresInput)
        {
            Guard(RunAll);
        }
    }

    /// <summary>Waits for what is still under way.</summary>
    protected sealed override void EndProcessing()
    {
        if (IgnoresInput)
        {
            Guard(RunAll);
        }
        Guard(_pump!.Drain);
    }

    /// <summary>Ends all waiting, from the thread that stops the pipeline.</summary>
    protected sealed override void StopProcessing() => _pump?.Cancel();

    /// <summary>Frees what a pipeline that ended early has left.</summary>
    public void Dispose()
    {
        _pump?.Dispose();
        _borrowed?.GiveBack();
        _borrowed = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a parameter was given, with whatever value: that decides the scope.</summary>
    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>The value of a parameter that must say something.</summary>
    /// <exception cref="DrmmException">It is null, empty or blank.</exception>
    private protected static string Required(string parameter, string? value) =>
        string.IsNullOrWhiteSpace(value)
            ? throw new DrmmException(ErrorKind.InvalidArgument, Messages.Empty(parameter)) { Target = value }
            : value!;

    /// <summary>The value of a parameter that narrows a list: null when it was not given.</summary>
    /// <exception cref="DrmmException">It was given and says nothing, which must not widen the list.</exception>
    private protected string? Narrowing(string parameter, string? value) =>
        IsBound(parameter) ? Required(parameter, value) : null;

    /// <summary>The fields of a body: those whose parameter was given, with whatever value.</summary>
    private protected Dictionary<string, object?> Given(
        params (string Parameter, string Field, object? Value)[] fields)
    {
        Dictionary<string, object?> given = new();
        foreach ((string parameter, string field, object? value) in fields)
        {
            if (IsBound(parameter))
            {
                given[field] = value;
            }
        }
        return given;
    }

    /// <summary>
    /// The items of a call, at once: for a look-up that is made once a command, by a <see cref="Call.Deferred"/>.
    /// </summary>
    /// <exception cref="DrmmException">It failed.</exception>
    private protected IReadOnlyList<PSObject> Read(Call call) => _pump!.Read(call, Borrow());

    /// <summary>As the other, for a value that becomes text.</summary>
    private protected string? Narrowing<T>(string parameter, T? value, Func<T, string> text)
        where T : struct => Narrowing(parameter, value is { } given ? text(given) : null);

    /// <summary>As the other, for several values: in one text, as the API takes them.</summary>
    private protected string? Narrowing(string parameter, Array? values)
    {
        IEnumerable<string> texts = values?.Cast<object?>()
            .Select(value => Required(parameter, LanguagePrimitives.ConvertTo<string>(value))) ?? [];
        return Narrowing(parameter, string.Join(",", texts));
    }

    /// <summary>Describes a call for each value of a parameter; those that say nothing are refused.</summary>
    private protected static IEnumerable<Call> Each(string parameter, string?[]? values, Func<string, Call> describe) =>
        Each(parameter, values, value => new[] { describe(value) });

    /// <summary>Describes calls for each value of a parameter; those that say nothing are refused.</summary>
    private protected static IEnumerable<Call> Each(
        string parameter, string?[]? values, Func<string, IEnumerable<Call>> describe)
    {
        if (values == null || values.Length == 0)
        {
            values = [null];
        }
        return values.SelectMany(value => DescribeOne(parameter, value, describe));
    }

    private static IEnumerable<Call> DescribeOne(
        string parameter, string? value, Func<string, IEnumerable<Call>> describe)
    {
        try
        {
            return describe(Required(parameter, value));
        }
        catch (DrmmException fault)
        {
            return [Call.Refused(fault, value)];
        }
    }

    /// <summary>Ends the command with a fault that concerns all of its inputs.</summary>
    private protected Exception Fatal(DrmmException fault, object? target)
    {
        Announce(fault);
        ThrowTerminatingError(fault.ToErrorRecord(target));
        return fault;
    }

    /// <summary>Takes the progress bar away when a later command has enough, or an error ends the pipeline.</summary>
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch when (!Stopping)
        {
            _pump!.EndProgress();
            throw;
        }
    }

    private void RunAll()
    {
        Call[] calls;
        try
        {
            calls = DescribeAll().Select(Complete).ToArray();
        }
        catch (DrmmException fault)
        {
            calls = [Call.Refused(fault, null)];
        }
        foreach (Call call in calls)
        {
            Run(call);
        }
    }

    private void Run(Call call)
    {
        Connection? connection = call.Refusal == null ? Borrow() : null;
        if (connection != null && call.IsWrite && !ShouldProcess(call.Subject, call.Action))
        {
            return;
        }
        _pump!.Add(call, connection, Limit ?? (call.IsWrite ? WritesSideBySide : ReadsSideBySide));
    }

    private Connection Borrow()
    {
        try
        {
            return _borrowed ??= Connections.Borrow(Connection, Runspace.DefaultRunspace);
        }
        catch (DrmmException fault)
        {
            throw Fatal(fault, Connection);
        }
    }
}
