using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Runs the calls of one command: several side by side, their results, errors and messages strictly in the order in
/// which the calls were added. Only the first flow is written; of the others, each fetches one answer by itself, or
/// goes on as far as nothing is put out. Everything but <see cref="Cancel"/> happens on the pipeline thread.
/// </summary>
internal sealed class Pump : IDisposable
{
    /// <summary>How many writes are watched at most, once they are done.</summary>
    private const int MostFlows = 64;

    /// <summary>How long the first flow is waited for while another one might go on.</summary>
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly Queue<Flow> _flows = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Cmdlet _cmdlet;
    private readonly Action<DrmmException> _announce;
    private readonly Reporter _reporter;
    private Flow? _lookUp;
    private int _ended;

    /// <param name="cmdlet">Writes what comes.</param>
    /// <param name="announce">Is told of each fault before it is written.</param>
    internal Pump(PSCmdlet cmdlet, Action<DrmmException> announce)
    {
        _cmdlet = cmdlet;
        _announce = announce;
        _reporter = new Reporter(cmdlet);
    }

    /// <summary>
    /// Starts a call, and writes what is ready. Waits only while <paramref name="limit"/> calls are under way, or when
    /// a write would overtake another write to the same thing.
    /// </summary>
    internal void Add(Call call, Connection? connection, int limit)
    {
        while (call.IsWrite && _flows.Any(flow => IsBefore(flow, call)))
        {
            Turn(wait: true);
        }
        Flow added = new(call, connection, _reporter, Open);
        lock (_gate)
        {
            _flows.Enqueue(added);
        }
        bool isFull;
        do
        {
            isFull = _flows.Count(flow => flow.TakesPlace) >= limit || _flows.Count >= MostFlows;
        }
        while (Turn(isFull) || isFull);
    }

    /// <summary>Waits for all calls and writes what they bring.</summary>
    internal void Drain()
    {
        while (_flows.Count > 0)
        {
            Turn(wait: true);
        }
        EndProgress();
        _reporter.WarnOfLacks();
    }

    /// <summary>Reads a call to its end, before all others that have been added.</summary>
    /// <exception cref="DrmmException">It failed.</exception>
    internal IReadOnlyList<PSObject> Read(Call call, Connection connection)
    {
        IReadOnlyList<PSObject> found = [];
        using Flow flow = new(call.Then(items => Keep(found = items)), connection, _reporter, Open);
        lock (_gate)
        {
            _lookUp = flow;
        }
        while (flow.Fault == null && flow.Step(Reporter.Slice, _ => { }) != FlowStep.Ended)
        {
            EndIfStopped();
        }
        lock (_gate)
        {
            _lookUp = null;
        }
        _reporter.Forget();
        return flow.Fault == null ? found : throw flow.Fault;

        static Call Keep(IReadOnlyList<PSObject> _) => Call.Result([]);
    }

    /// <summary>Takes the progress bar away.</summary>
    internal void EndProgress() => _reporter.Complete();

    /// <summary>Ends all waiting at once. From any thread.</summary>
    internal void Cancel()
    {
        lock (_gate)
        {
            _stop.Set();
            _lookUp?.Stream?.Cancel();
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

    private static bool IsBefore(Flow flow, Call call) =>
        flow.TakesPlace && flow.Origin.IsWrite && flow.Origin.OrderKey == call.OrderKey;

    /// <summary>Lets a flow send its request, but not once <see cref="Cancel"/> was called.</summary>
    private void Open(Flow flow)
    {
        lock (_gate)
        {
            EndIfStopped();
            flow.Send();
        }
    }

    private void EndIfStopped()
    {
        if (_stop.IsSet)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>
    /// Takes a step with the first flow, and with those behind it that can go on before their turn. False if nothing
    /// moved; it has waited for that, but not for long, if <paramref name="wait"/> says so.
    /// </summary>
    private bool Turn(bool wait)
    {
        EndIfStopped();
        if (_flows.Count == 0)
        {
            return false;
        }
        bool moved = false;
        bool isWatching = false;
        foreach (Flow flow in _flows.Skip(1).Where(flow => flow.GoesAhead))
        {
            moved |= flow.Step(TimeSpan.Zero, write: null) != FlowStep.Waits;
            isWatching |= flow.GoesAhead;
        }
        Flow first = _flows.Peek();
        first.TakeTurn();
        _reporter.Operation = _ended + _flows.Count > 1 ? Messages.Inputs(_ended, _flows.Count) : null;
        TimeSpan slice = !wait || moved ? TimeSpan.Zero : isWatching ? s_glance : Reporter.Slice;
        FlowStep step = first.Fault == null ? first.Step(slice, _cmdlet.WriteObject) : FlowStep.Ended;
        if (step == FlowStep.Ended)
        {
            Finish();
        }
        else if (step == FlowStep.Waits && first.Pause is { Ticks: > 0 } pause && slice > TimeSpan.Zero)
        {
            Rest(first, pause < slice ? pause : slice);
        }
        return moved || step != FlowStep.Waits;
    }

    /// <summary>Waits where there is no answer to wait for; a stop ends it.</summary>
    private void Rest(Flow flow, TimeSpan time)
    {
        _reporter.Rest(flow.Waiting, flow.Pause);
        if (_stop.Wait(time))
        {
            throw new PipelineStoppedException();
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
            _announce(first.Fault);
            _cmdlet.WriteError(first.Fault.ToErrorRecord(first.Origin.Target, first.Origin.Subject));
        }
    }

    /// <summary>Whether a fault is only worth a warning for this call; then its outcome has been written.</summary>
    private bool Excuse(Flow flow, DrmmException fault)
    {
        if (flow.Origin.Excuse(fault) is not { } warning)
        {
            return false;
        }
        _cmdlet.WriteWarning(Messages.Sentence(warning));
        flow.WriteOutcome(_cmdlet.WriteObject);
        return true;
    }
}
