using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>How far a step went.</summary>
internal enum FlowStep
{
    /// <summary>Nothing was ready.</summary>
    Waits,

    /// <summary>Something came.</summary>
    Moved,

    /// <summary>Nothing more comes.</summary>
    Ended,
}

/// <summary>
/// One call under way, and the calls that follow from it. Those whose answers are only read for what follows go on
/// before its turn; what is put out waits for it.
/// </summary>
internal sealed class Flow : IDisposable
{
    private readonly Action<Flow> _open;
    private readonly Reporter _reporter;
    private readonly List<Report> _kept = new();
    private readonly Stopwatch _sincePolled = new();
    private readonly Connection? _connection;
    private Call _call;
    private ShapeTable _shapes = new();
    private List<PSObject> _held = new();
    private Stopwatch? _polling;
    private int _polls;
    private int _written;
    private bool _hasWritten;
    private bool _hasRead;

    /// <param name="call">What to begin with; a fault of it is reported in its turn.</param>
    /// <param name="connection">Null for a call that is never sent.</param>
    /// <param name="reporter">Takes the messages.</param>
    /// <param name="open">Calls <see cref="Send"/>, unless everything has been cancelled.</param>
    internal Flow(Call call, Connection? connection, Reporter reporter, Action<Flow> open)
    {
        Origin = _call = call;
        _connection = connection;
        Fault = call.Refusal;
        _reporter = reporter;
        _open = open;
        if (Fault == null)
        {
            Try(() => Enter(call));
        }
    }

    /// <summary>The call that it began with: what errors are about, and whether it writes.</summary>
    internal Call Origin { get; }

    /// <summary>The answer that is being read, or null between two.</summary>
    internal NativeStream? Stream { get; private set; }

    /// <summary>Why it failed, to be reported in its turn.</summary>
    internal DrmmException? Fault { get; private set; }

    /// <summary>Whether steps are worth taking before its turn.</summary>
    internal bool GoesAhead => Fault == null && _call.IsSilent;

    /// <summary>How long until the next question of a poll; zero if it is not between two.</summary>
    internal TimeSpan Pause
    {
        get
        {
            if (_call.Poll is not { } poll || Stream != null || _polls == 0)
            {
                return TimeSpan.Zero;
            }
            TimeSpan pause = Poll.Pause(_polls - 1) - _sincePolled.Elapsed;
            TimeSpan left = poll.Patience - _polling!.Elapsed;
            TimeSpan sooner = pause < left ? pause : left;
            return sooner < TimeSpan.Zero ? TimeSpan.Zero : sooner;
        }
    }

    /// <summary>What a poll waits for, in words.</summary>
    internal string Waiting => _call.Poll?.Waiting ?? "";

    /// <summary>
    /// Whether it counts among those side by side. A write that is done and only watched does not: the next may go.
    /// </summary>
    internal bool TakesPlace => !(Origin.IsWrite && _hasWritten && !_call.IsWrite);

    /// <summary>
    /// Waits up to <paramref name="timeout"/> for what comes next. Without <paramref name="write"/> it is not its turn:
    /// only answers that are held are read, and messages are kept.
    /// </summary>
    /// <exception cref="PipelineStoppedException">It was cancelled.</exception>
    internal FlowStep Step(TimeSpan timeout, Action<object?>? write)
    {
        FlowStep step = FlowStep.Ended;
        Try(() => step = Go(timeout, write));
        if (Fault != null && _call.Otherwise(Fault) is { } other)
        {
            Fault = null;
            Close();
            Try(() => Enter(other));
            step = FlowStep.Moved;
        }
        return Fault == null ? step : FlowStep.Ended;
    }

    /// <summary>Passes on the messages that came before its turn.</summary>
    internal void TakeTurn()
    {
        _kept.ForEach(_reporter.Pass);
        _kept.Clear();
    }

    /// <summary>Puts out what the call yields in place of items.</summary>
    internal void WriteOutcome(Action<object?> write)
    {
        if (_call.Outcome != null && _connection != null)
        {
            foreach (object? item in _call.Outcome(_connection))
            {
                write(item);
            }
        }
    }

    /// <summary>Sends the request of the call that it has come to, if that has one.</summary>
    internal void Send()
    {
        if (_call.Request != null && _connection != null)
        {
            Stream = _connection.Open(_call.Request);
        }
    }

    public void Dispose() => Close();

    private FlowStep Go(TimeSpan timeout, Action<object?>? write)
    {
        if (Stream == null)
        {
            return Resume(write);
        }
        StreamState state = _reporter.Next(Stream, timeout, out NativeBuffer batch, write == null ? _kept : null);
        switch (state)
        {
            case StreamState.Ready:
                return Take(batch, write) ? End(write) : FlowStep.Moved;
            case StreamState.Pending:
                return FlowStep.Waits;
            case StreamState.Cancelled:
                throw new PipelineStoppedException();
            default:
                return End(write);
        }
    }

    /// <summary>Goes on where no answer is being read: asks again, or puts out what is given.</summary>
    private FlowStep Resume(Action<object?>? write)
    {
        if (_call.Poll != null)
        {
            if (Pause > TimeSpan.Zero)
            {
                return FlowStep.Waits;
            }
            Open();
            return FlowStep.Moved;
        }
        if (write == null)
        {
            return FlowStep.Waits;
        }
        foreach (object? item in _call.Given ?? [])
        {
            Put(item, write);
        }
        return FlowStep.Ended;
    }

    /// <summary>Reads a batch; true if no more is wanted.</summary>
    private bool Take(NativeBuffer batch, Action<object?>? write)
    {
        List<object?>? page = _call.IsEnough == null ? null : new();
        using BatchReader reader = new(batch, _shapes, _call.Type, _call.Projection);
        while (reader.Read(out object? item))
        {
            _hasRead = true;
            page?.Add(item);
            if (!_call.IsSilent)
            {
                Put(item, write!);
            }
            else if (_call.TryShape(item, out object? shaped) && shaped != null)
            {
                _held.Add(PSObject.AsPSObject(shaped));
            }
            if (_call.Most is { } most && _written + _held.Count >= most)
            {
                return true;
            }
        }
        return page != null && _call.IsEnough!(page);
    }

    private void Put(object? item, Action<object?> write)
    {
        if (_call.TryShape(item, out object? shaped))
        {
            write(shaped);
            _written++;
        }
    }

    /// <summary>An answer has been read to its end.</summary>
    private FlowStep End(Action<object?>? write)
    {
        _hasWritten |= _call.IsWrite;
        Close();
        if (_hasRead && _call.Projection != null)
        {
            _reporter.EndList(_call.Projection);
        }
        if (_call.Poll is { } poll && !IsOver(poll))
        {
            return FlowStep.Moved;
        }
        if (_call.IsSilent)
        {
            List<PSObject> held = _held;
            Enter(_call.Next?.Invoke(held) ?? Call.Result(held));
            return FlowStep.Moved;
        }
        WriteOutcome(write!);
        return FlowStep.Ended;
    }

    private bool IsOver(Poll poll)
    {
        if (_held.Count > 0 && poll.HasEnded(_held[0]))
        {
            return true;
        }
        if (_polling!.Elapsed >= poll.Patience)
        {
            throw new DrmmException(ErrorKind.Timeout, Messages.StillWaiting(poll.Waiting, poll.Patience));
        }
        _held.Clear();
        _polls++;
        _sincePolled.Restart();
        return false;
    }

    private void Enter(Call call)
    {
        call = call.Describe?.Invoke() ?? call;
        _call = call.Refusal == null ? call : throw call.Refusal;
        _held = new List<PSObject>();
        _polls = 0;
        _polling = call.Poll == null ? null : Stopwatch.StartNew();
        Open();
    }

    private void Close()
    {
        Stream?.Dispose();
        Stream = null;
    }

    private void Open()
    {
        _shapes = new ShapeTable();
        _open(this);
    }

    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (DrmmException fault)
        {
            Fault = fault;
        }
    }
}
