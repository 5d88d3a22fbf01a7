using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Completers;

/// <summary>
/// What a connection's account has, for a minute. Each look asks for one page at most; a list of several pages is
/// complete after several looks.
/// </summary>
internal sealed class NameCache
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    /// <summary>How long nothing is asked for after it did not work out: not every key shall hang.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    /// <summary>How long a key may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a call into the library lasts, so that a wait for the quota is noticed soon.</summary>
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    private static readonly ConditionalWeakTable<Connection, NameCache> s_caches = new();

    private readonly object _gate = new();
    private readonly Dictionary<string, Known> _known = new();
    private readonly Func<Request, PSObject?> _ask;
    private readonly Func<TimeSpan> _clock;

    /// <param name="ask">Gives the answer to a request, or null where none comes in time.</param>
    /// <param name="clock">The time.</param>
    internal NameCache(Func<Request, PSObject?> ask, Func<TimeSpan> clock)
    {
        _ask = ask;
        _clock = clock;
    }

    /// <summary>What is known of a connection's account.</summary>
    internal static NameCache Of(Connection connection) => s_caches.GetValue(connection, Make);

    /// <summary>The entries of a list that may begin with <paramref name="typed"/>, as far as they are known.</summary>
    internal IReadOnlyList<NameEntry> Find(NameList list, string typed)
    {
        lock (_gate)
        {
            Known known = Whole(list, typed) ?? Get(list, list.Narrowing == null ? "" : typed);
            if (!known.IsWhole && _clock() >= known.RestsUntil)
            {
                Read(list, known);
            }
            return known.Entries.ToArray();
        }
    }

    private static NameCache Make(Connection connection)
    {
        // Not the connection itself: the cache would keep it alive.
        WeakReference<Connection> weak = new(connection);
        Stopwatch clock = Stopwatch.StartNew();
        return new NameCache(
            request => weak.TryGetTarget(out Connection? living) ? Ask(living, request) : null,
            () => clock.Elapsed);
    }

    /// <summary>What is known to its end and holds all names that the typed text may become, or null.</summary>
    private Known? Whole(NameList list, string typed) =>
        Living(list.Key, "") is { IsWhole: true } all
            ? all
            : Enumerable.Range(1, list.Narrowing == null ? 0 : typed.Length)
                .Select(length => Living(list.Key, typed.Substring(0, length)))
                .FirstOrDefault(known => known is { IsWhole: true });

    private Known Get(NameList list, string narrowed)
    {
        if (Living(list.Key, narrowed) is { } living)
        {
            return living;
        }
        Known known = new(narrowed, _clock() + s_lifetime);
        _known[Key(list.Key, narrowed)] = known;
        return known;
    }

    private Known? Living(string list, string narrowed)
    {
        string key = Key(list, narrowed);
        if (!_known.TryGetValue(key, out Known? known))
        {
            return null;
        }
        if (_clock() < known.Expires)
        {
            return known;
        }
        _known.Remove(key);
        return null;
    }

    private void Read(NameList list, Known known)
    {
        PSObject? answer = null;
        try
        {
            answer = _ask(list.Page(known.Part, known.Page, known.Narrowed)!);
        }
        finally
        {
            if (answer == null)
            {
                known.RestsUntil = _clock() + s_rest;
            }
        }
        if (answer != null)
        {
            known.Entries.AddRange((list.Items(answer) ?? []).Select(list.Entry).OfType<NameEntry>());
            if (NameList.HasMore(answer))
            {
                known.Page++;
            }
            else
            {
                known.Part++;
                known.Page = 0;
                known.IsWhole = list.Page(known.Part, 0, "") == null;
            }
        }
    }

    private static PSObject? Ask(Connection connection, Request request)
    {
        using NativeStream stream = connection.Open(request);
        Stopwatch waited = Stopwatch.StartNew();
        while (s_patience - waited.Elapsed is { Ticks: > 0 } left)
        {
            StreamState state = stream.Next(
                left < s_slice ? left : s_slice, out NativeBuffer batch, out NativeBuffer report);
            using (batch)
            using (report)
            {
                if (state == StreamState.Ready)
                {
                    using BatchReader reader = new(batch, new ShapeTable(), type: null);
                    return reader.Read(out object? item) ? item as PSObject : null;
                }
                if (state != StreamState.Pending || IsThrottled(report))
                {
                    return null;
                }
            }
        }
        return null;
    }

    private static bool IsThrottled(NativeBuffer report) =>
        !report.IsInvalid && Report.Read(report).Progress?.Wait != null;

    private static string Key(string list, string narrowed) => list + "\n\n" + narrowed.ToUpperInvariant();

    /// <summary>What is known of a list, or of the items whose name holds a text.</summary>
    private sealed class Known
    {
        internal Known(string narrowed, TimeSpan expires)
        {
            Narrowed = narrowed;
            Expires = expires;
        }

        internal string Narrowed { get; }

        internal TimeSpan Expires { get; }

        internal TimeSpan RestsUntil { get; set; }

        internal List<NameEntry> Entries { get; } = new();

        /// <summary>The part and the page to read next.</summary>
        internal int Part { get; set; }

        internal int Page { get; set; }

        internal bool IsWhole { get; set; }
    }
}
