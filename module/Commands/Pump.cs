using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>
/// Runs the calls of one command: several side by side, their results, errors and messages strictly in the order in
/// which the calls were added. Only the first call's stream is read; the others fetch one answer each by themselves.
/// Everything but <see cref="Cancel"/> happens on the pipeline thread.
/// </summary>
internal sealed class Pump : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Flow> _flows = new();
    private readonly Cmdlet _cmdlet;
    private readonly Reporter _reporter;
    private int _ended;
    private bool _isCancelled;

    internal Pump(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
        _reporter = new Reporter(cmdlet);
    }

    /// <summary>
    /// Starts a call, and writes what is ready. Waits only while <paramref name="limit"/> calls are under way, or when
    /// a write would overtake another write to the same thing.
    /// </summary>
    internal void Add(Call call, Connection? connection, int limit)
    {
        while (call.IsWrite && _flows.Any(flow => flow.Call.IsWrite && flow.Call.OrderKey == call.OrderKey))
        {
            Advance(wait: true);
        }
        Start(call, connection);
        while (_flows.Count > 0 && Advance(wait: _flows.Count >= limit))
        {
        }
    }

    /// <summary>Waits for all calls and writes what they bring.</summary>
    internal void Drain()
    {
        while (_flows.Count > 0)
        {
            Advance(wait: true);
        }
        EndProgress();
    }

    /// <summary>Takes the progress bar away.</summary>
    internal void EndProgress() => _reporter.Complete();

    /// <summary>Ends all waiting at once. From any thread.</summary>
    internal void Cancel()
    {
        lock (_gate)
        {
            _isCancelled = true;
            foreach (Flow flow in _flows)
            {
                flow.Stream?.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Flow flow in _flows)
            {
                flow.Dispose();
            }
            _flows.Clear();
        }
    }

    private void Start(Call call, Connection? connection)
    {
        lock (_gate)
        {
            if (_isCancelled)
            {
                throw new PipelineStoppedException();
            }
            _flows.Enqueue(new Flow(call, connection));
        }
    }

    /// <summary>
    /// Writes what the first call has, and takes it off when it has ended. Without <paramref name="wait"/> it stops
    /// where nothing is ready, and says false.
    /// </summary>
    private bool Advance(bool wait)
    {
        Flow first = _flows.Peek();
        try
        {
            if (!Read(first, wait))
            {
                return false;
            }
        }
        catch (DrmmException fault)
        {
            first.Fault = fault;
        }
        Finish();
        return true;
    }

    /// <summary>Whether a fault is only worth a warning for this call; then its outcome has been written.</summary>
    private bool Excuse(Flow flow, DrmmException fault)
    {
        if (flow.Call.Excuse(fault) is not { } warning)
        {
            return false;
        }
        _cmdlet.WriteWarning(Messages.Sentence(warning));
        WriteOutcome(flow);
        return true;
    }

    private bool Read(Flow flow, bool wait)
    {
        while (flow.Stream != null)
        {
            TimeSpan timeout = wait ? Reporter.Slice : TimeSpan.Zero;
            _reporter.Operation = _ended + _flows.Count > 1 ? Messages.Inputs(_ended, _flows.Count) : null;
            StreamState state = _reporter.Next(flow.Stream, timeout, out NativeBuffer batch);
            switch (state)
            {
                case StreamState.Ready:
                    Write(flow, batch);
                    break;
                case StreamState.Pending:
                    if (!wait)
                    {
                        return false;
                    }
                    break;
                case StreamState.Cancelled:
                    throw new PipelineStoppedException();
                default:
                    WriteOutcome(flow);
                    return true;
            }
        }
        return true;
    }

    private void Write(Flow flow, NativeBuffer batch)
    {
        using BatchReader reader = new(batch, flow.Shapes, flow.Call.Type);
        while (reader.Read(out object? item))
        {
            if (flow.Call.Passes(item))
            {
                _cmdlet.WriteObject(item);
            }
        }
    }

    private void WriteOutcome(Flow flow)
    {
        if (flow.Call.Outcome != null && flow.Connection != null)
        {
            foreach (object? item in flow.Call.Outcome(flow.Connection))
            {
                _cmdlet.WriteObject(item);
            }
        }
    }

    /// <summary>Takes the first call off, and reports its fault if it had one.</summary>
    private void Finish()
    {
        Flow first;
        lock (_gate)
        {
            first = _flows.Dequeue();
        }
        first.Dispose();
        _ended++;
        _reporter.Forget();
        if (first.Fault != null && !Excuse(first, first.Fault))
        {
            _cmdlet.WriteError(first.Fault.ToErrorRecord(first.Call.Target, first.Call.Subject));
        }
    }

    /// <summary>A call under way.</summary>
    private sealed class Flow : IDisposable
    {
        internal Flow(Call call, Connection? connection)
        {
            Call = call;
            Connection = connection;
            Fault = call.Refusal;
            try
            {
                Stream = connection?.Open(call);
            }
            catch (DrmmException fault)
            {
                Fault = fault;
            }
        }

        internal Call Call { get; }

        /// <summary>Null for a call that is never sent.</summary>
        internal Connection? Connection { get; }

        internal NativeStream? Stream { get; }

        internal ShapeTable Shapes { get; } = new();

        /// <summary>Why it failed, to be reported in its turn.</summary>
        internal DrmmException? Fault { get; set; }

        public void Dispose() => Stream?.Dispose();
    }
}
