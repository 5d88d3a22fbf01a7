using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>
/// Reads streams on the pipeline thread, and passes on what the client reports meanwhile: details to the verbose
/// stream, warnings to the warning stream, waits to one progress bar.
/// </summary>
internal sealed class Reporter
{
    /// <summary>How long a call into the library lasts, so that progress moves and a stop is noticed.</summary>
    internal static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);

    private static int s_lastActivity = 0x4472;

    private readonly PSCmdlet _cmdlet;
    private readonly int _activity = Interlocked.Increment(ref s_lastActivity);
    private readonly Stopwatch _sinceShown = new();
    private Progress? _progress;
    private bool _isShown;

    internal Reporter(PSCmdlet cmdlet) => _cmdlet = cmdlet;

    /// <summary>
    /// As <see cref="NativeStream.Next"/>; what happened has been written when it returns. <paramref name="batch"/> is
    /// the caller's to dispose.
    /// </summary>
    internal StreamState Next(NativeStream stream, TimeSpan timeout, out NativeBuffer batch)
    {
        StreamState state = stream.Next(timeout, out batch, out NativeBuffer report);
        try
        {
            using (report)
            {
                Pass(report);
            }
        }
        catch
        {
            // The pipeline was stopped while a message was written; nobody takes the batch any more.
            batch.Dispose();
            throw;
        }
        if (state == StreamState.Pending && timeout > TimeSpan.Zero)
        {
            Show();
        }
        return state;
    }

    /// <summary>Forgets what was waited for, since that stream has ended.</summary>
    internal void Forget() => _progress = null;

    /// <summary>Takes the progress bar away.</summary>
    internal void Complete()
    {
        if (_isShown)
        {
            _isShown = false;
            _cmdlet.WriteProgress(new ProgressRecord(_activity, Activity, " ")
            {
                RecordType = ProgressRecordType.Completed,
            });
        }
    }

    private string Activity => _cmdlet.MyInvocation.MyCommand.Name;

    private void Pass(NativeBuffer buffer)
    {
        if (buffer.IsInvalid)
        {
            return;
        }
        Report report = Report.Read(buffer);
        _progress = report.Progress ?? _progress;
        foreach (ReportEvent happened in report.Events)
        {
            if (happened.IsWarning)
            {
                _cmdlet.WriteWarning(happened.Text);
            }
            else
            {
                _cmdlet.WriteVerbose(happened.Text);
            }
        }
    }

    private void Show()
    {
        if (_progress is not { } progress || (_isShown && _sinceShown.Elapsed < Slice))
        {
            return;
        }
        ProgressRecord record = new(_activity, Activity, progress.Text);
        if (progress.Total is { } total and > 0)
        {
            record.PercentComplete = (int)Math.Min(100, progress.Done * 100 / total);
        }
        if (progress.Wait is { } wait)
        {
            record.SecondsRemaining = (int)Math.Ceiling(wait.TotalSeconds);
        }
        _cmdlet.WriteProgress(record);
        _isShown = true;
        _sinceShown.Restart();
    }
}
