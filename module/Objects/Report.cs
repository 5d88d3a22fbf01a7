using System;
using System.Collections.Generic;
using DattoRMM.Native;

namespace DattoRMM.Objects;

/// <summary>What happened on a stream since it was last asked.</summary>
internal sealed class Report
{
    private Report(Progress? progress, IReadOnlyList<ReportEvent> events)
    {
        Progress = progress;
        Events = events;
    }

    /// <summary>What is being waited for, or null if that has not changed.</summary>
    internal Progress? Progress { get; }

    /// <summary>Oldest first.</summary>
    internal IReadOnlyList<ReportEvent> Events { get; }

    /// <summary>Reads a report of the library's contract.</summary>
    internal static unsafe Report Read(NativeBuffer buffer) =>
        Read(new MessageReader(buffer.Read(out int length), length));

    internal static Report Read(MessageReader reader)
    {
        Expect(reader.ReadArrayLength() == 2);
        Progress? progress = null;
        if (reader.Peek() == MessageReader.Nil)
        {
            reader.ReadByte();
        }
        else
        {
            Expect(reader.ReadArrayLength() == 4);
            progress = new Progress(
                reader.ReadOptionalText() ?? "", reader.ReadInteger(), Known(reader.ReadInteger()),
                Milliseconds.ToTime(reader.ReadInteger()));
        }
        ReportEvent[] events = new ReportEvent[reader.ReadArrayLength()];
        for (int i = 0; i < events.Length; i++)
        {
            Expect(reader.ReadArrayLength() == 2);
            events[i] = new ReportEvent(reader.ReadInteger(), reader.ReadOptionalText() ?? "");
        }
        return new Report(progress, events);
    }

    private static long? Known(long number) => number < 0 ? null : number;

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw Malformed.Batch();
        }
    }
}

/// <summary>What is being waited for.</summary>
internal sealed class Progress
{
    internal Progress(string text, long done, long? total, TimeSpan? wait)
    {
        Text = text;
        Done = done;
        Total = total;
        Wait = wait;
    }

    internal string Text { get; }

    /// <summary>Items that have come.</summary>
    internal long Done { get; }

    /// <summary>Items in all, if that is known.</summary>
    internal long? Total { get; }

    /// <summary>How long the wait still lasts, if that is known.</summary>
    internal TimeSpan? Wait { get; }
}

/// <summary>Something that happened.</summary>
internal readonly struct ReportEvent
{
    private const long Warning = 2;
    private const long Lack = 3;

    private readonly long _kind;

    internal ReportEvent(long kind, string text)
    {
        _kind = kind;
        Text = text;
    }

    internal string Text { get; }

    /// <summary>Something the user should know; anything else is a detail.</summary>
    internal bool IsWarning => _kind == Warning;

    /// <summary>Its text is the name of a field that no item of a list had.</summary>
    internal bool IsLack => _kind == Lack;
}
