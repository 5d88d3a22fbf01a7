using System.Management.Automation;
using DattoRMM.Native;

namespace DattoRMM.Commands;

/// <summary>Waits for a session's login on the pipeline thread; it can be cancelled from any other.</summary>
internal sealed class LoginRun
{
    private readonly object _gate = new();
    private readonly PSCmdlet _cmdlet;
    private NativeStream? _login;
    private bool _isCancelled;

    internal LoginRun(PSCmdlet cmdlet) => _cmdlet = cmdlet;

    /// <summary>Returns when there is a token.</summary>
    /// <exception cref="Client.DrmmException">The login failed.</exception>
    internal void Wait(NativeSession session)
    {
        Reporter reporter = new(_cmdlet);
        using NativeStream login = session.Login();
        Start(login);
        try
        {
            while (Next(reporter, login) is not StreamState.End)
            {
            }
        }
        finally
        {
            Finish();
            if (!_cmdlet.Stopping)
            {
                reporter.Complete();
            }
        }
    }

    /// <summary>Ends the wait at once.</summary>
    internal void Cancel()
    {
        lock (_gate)
        {
            _isCancelled = true;
            _login?.Cancel();
        }
    }

    private void Start(NativeStream login)
    {
        lock (_gate)
        {
            _login = _isCancelled ? throw new PipelineStoppedException() : login;
        }
    }

    private static StreamState Next(Reporter reporter, NativeStream login)
    {
        StreamState state = reporter.Next(login, Reporter.Slice, out NativeBuffer batch);
        batch.Dispose();
        return state == StreamState.Cancelled ? throw new PipelineStoppedException() : state;
    }

    private void Finish()
    {
        lock (_gate)
        {
            _login = null;
        }
    }
}
