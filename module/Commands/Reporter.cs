using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;
using DattoRMM.Client;
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

    /// <summary>How often the seconds that are left are brought up to date.</summary>
    private static readonly TimeSpan Countdown = TimeSpan.FromSeconds(1);

    private static int s_lastActivity = 0x4472;

    private readonly PSCmdlet _cmdlet;
    private readonly int _activity = Interlocked.Increment(ref s_lastActivity);
    private readonly Stopwatch _sinceReported = new();
    private readonly Stopwatch _sinceShown = new();
    private readonly Dictionary<string, int> _lacks = new();
    private Projection? _projection;
    private int _lists;
    private Progress? _progress;
    private Progress? _shown;

    internal Reporter(PSCmdlet cmdlet) => _cmdlet = cmdlet;

    /// <summary>
    /// As <see cref="NativeStream.Next"/>; what happened has been written when it returns, or is in
    /// <paramref name="kept"/>, since its turn has not come. <paramref name="batch"/> is the caller's to dispose.
    /// </summary>
    internal StreamState Next(
        NativeStream stream, TimeSpan timeout, out NativeBuffer batch, ICollection<Report>? kept = null)
    {
        StreamState state = stream.Next(timeout, out batch, out NativeBuffer report);
        try
        {
            using (report)
            {
                Pass(report, kept);
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

    /// <summary>What stands below the progress bar, or null for nothing.</summary>
    internal string? Operation { get; set; }

    /// <summary>Forgets what was waited for, since that stream has ended.</summary>
    internal void Forget() => _progress = null;

    /// <summary>Takes the progress bar away.</summary>
    internal void Complete()
    {
        if (_shown != null)
        {
            _shown = null;
            _cmdlet.WriteProgress(new ProgressRecord(_activity, Activity, " ")
            {
                RecordType = ProgressRecordType.Completed,
            });
        }
    }

    /// <summary>Counts a list that was not empty, and of whose items only a few fields were wanted.</summary>
    internal void EndList(Projection projection)
    {
        _projection = projection;
        _lists++;
    }

    /// <summary>Warns of each property that was named and that no object of any list had.</summary>
    internal void WarnOfLacks()
    {
        foreach (string name in _projection?.Names ?? [])
        {
            if (_lacks.TryGetValue(name, out int lists) && lists == _lists && !_projection!.TryGive(name, out _))
            {
                _cmdlet.WriteWarning(Messages.Sentence(Messages.NoItemHas(name)));
            }
        }
        _projection = null;
    }

    /// <summary>Shows that nothing is asked for a while.</summary>
    internal void Rest(string text, TimeSpan left)
    {
        if (_progress?.Text != text || _sinceReported.Elapsed > Countdown)
        {
            _progress = new Progress(text, 0, null, left);
            _sinceReported.Restart();
        }
        Show();
    }

    private string Activity => _cmdlet.MyInvocation.MyCommand.Name;

    /// <summary>Writes what happened.</summary>
    internal void Pass(Report report)
    {
        if (report.Progress != null)
        {
            _progress = report.Progress;
            _sinceReported.Restart();
        }
        foreach (ReportEvent happened in report.Events)
        {
            if (happened.IsWarning)
            {
                _cmdlet.WriteWarning(Messages.Sentence(happened.Text));
            }
            else if (happened.IsLack)
            {
                _lacks.TryGetValue(happened.Text, out int lists);
                _lacks[happened.Text] = lists + 1;
            }
            else
            {
                _cmdlet.WriteVerbose(happened.Text);
            }
        }
    }

    private void Pass(NativeBuffer buffer, ICollection<Report>? kept)
    {
        if (buffer.IsInvalid)
        {
            return;
        }
        Report report = Report.Read(buffer);
        if (kept == null)
        {
            Pass(report);
        }
        else
        {
            kept.Add(report);
        }
    }

    private void Show()
    {
        if (_progress is not { } progress)
        {
            return;
        }
        TimeSpan? left = progress.Wait - _sinceReported.Elapsed;
        TimeSpan refresh = left == null ? TimeSpan.MaxValue : Countdown;
        if (ReferenceEquals(progress, _shown) && _sinceShown.Elapsed < refresh)
        {
            return;
        }
        ProgressRecord record = new(_activity, Activity, progress.Text);
        if (progress.Total is { } total and > 0)
        {
            record.PercentComplete = (int)Math.Min(100, progress.Done * 100 / total);
        }
        if (left is { } wait)
        {
            record.SecondsRemaining = (int)Math.Max(0, Math.Ceiling(wait.TotalSeconds));
        }
        if (Operation != null)
        {
            record.CurrentOperation = Operation;
        }
        _cmdlet.WriteProgress(record);
        _shown = progress;
        _sinceShown.Restart();
    }
}
