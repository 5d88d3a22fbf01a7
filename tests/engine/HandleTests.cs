using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>The library's objects are freed once, in time, and never under somebody who uses them.</summary>
public sealed class HandleTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Simulator _sim = Simulator.Start("--devices 60 --sites 3 --limit 1000000");
    private readonly Engine _engine = new();
    private readonly NativeSession _session;

    public HandleTests()
    {
        _session = NativeBatches.Connect(_sim);
        // The client knows that there is room for all of them.
        NativeBatches.Read(_session, Call.Get(null, "v2/system/request_rate"));
    }

    public void Dispose()
    {
        _session.Disconnect();
        _engine.Dispose();
        _sim.Dispose();
    }

    [Fact]
    public void A_thousand_streams_leave_nothing_behind()
    {
        // In a process of its own, so that nobody else's handles and threads are counted.
        string[] grown = [.. Child.Run(ReadAThousandStreams, [_sim.Url, _sim.Key, _sim.Secret])];

        Assert.InRange(int.Parse(grown[0]), int.MinValue, 10);
        Assert.InRange(int.Parse(grown[1]), int.MinValue, 10);
        // A stream that is not freed would keep its answer, a batch of 20 KB or more.
        Assert.InRange(int.Parse(grown[2]), int.MinValue, 12_000);
    }

    [Fact]
    public void Streams_that_are_freed_at_once_do_no_harm()
    {
        Call call = Call.Pages(null, "devices", "v2/account/devices");
        for (int i = 0; i < 1_000; i++)
        {
            _session.Open(call.Request!).Dispose();
        }

        Assert.Single(NativeBatches.Read(_session, call).Batches);
    }

    [Fact]
    public void A_stream_may_be_cancelled_and_freed_by_another_thread_while_it_is_read()
    {
        _sim.Configure("\"latencyMs\": 20000");
        for (int i = 0; i < 50; i++)
        {
            NativeStream stream = _session.Open(Call.Get(null, "v2/account").Request!);
            using Barrier start = new(2);
            Thread reader = new(() =>
            {
                start.SignalAndWait();
                Assert.True(EndsOrIsGone(stream));
            });
            reader.Start();
            start.SignalAndWait();
            if (i % 2 == 0)
            {
                stream.Cancel();
            }
            stream.Dispose();
            stream.Dispose();
            stream.Cancel();
            Assert.True(reader.Join(TimeSpan.FromSeconds(15)), "the reader was not woken");
        }
    }

    [Fact]
    public void Sixteen_threads_may_use_a_session_that_some_of_them_close()
    {
        Call call = Call.Pages(null, "devices", "v2/account/devices");
        for (int i = 0; i < 20; i++)
        {
            NativeSession session = NativeBatches.Connect(_sim);
            using Barrier start = new(16);
            ConcurrentBag<int> batches = [];
            ConcurrentBag<Exception> faults = [];
            Thread[] threads = [.. Enumerable.Range(0, 16).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    switch (number)
                    {
                        case < 3:
                            session.Disconnect();
                            session.Dispose();
                            break;
                        case < 8:
                            session.Open(call.Request!).Dispose();
                            using (session.Describe())
                            {
                            }
                            break;
                        default:
                            batches.Add(NativeBatches.Read(session, call).Batches.Count);
                            break;
                    }
                }
                catch (Exception fault)
                {
                    faults.Add(fault);
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Assert.All(threads, thread => Assert.True(thread.Join(s_patience), "a thread hangs"));

            // Whole or not at all.
            Assert.All(batches, count => Assert.Equal(1, count));
            Assert.All(faults, fault => Assert.Equal(ErrorKind.NotConnected, Assert.IsType<DrmmException>(fault).Kind));
        }

        Assert.Single(NativeBatches.Read(_session, call).Batches);
    }

    [Fact]
    public void Two_threads_that_close_the_same_handles_close_them_once()
    {
        for (int i = 0; i < 200; i++)
        {
            NativeSession session = NativeBatches.Connect(_sim);
            NativeStream stream = session.Open(Call.Get(null, "v2/account").Request!);
            NativeBuffer buffer = session.Describe();
            Parallel.For(0, 4, _ =>
            {
                stream.Cancel();
                stream.Dispose();
                buffer.Dispose();
                session.Dispose();
            });
            Assert.True(buffer.IsClosed);
            Assert.Throws<ObjectDisposedException>(() => stream.Next(TimeSpan.Zero, out _, out _));
        }
    }

    [Fact]
    public void What_nobody_closes_is_closed_by_the_runtime_and_at_its_end()
    {
        string[] left = [.. Child.Run(LeaveEverythingOpen, [_sim.Url, _sim.Key, _sim.Secret])];

        Assert.Equal("done", Assert.Single(left));
    }

    [Fact]
    public void A_session_that_was_closed_opens_no_stream()
    {
        NativeSession session = NativeBatches.Connect(_sim);
        session.Disconnect();

        DrmmException fault = Assert.Throws<DrmmException>(() => session.Open(Call.Get(null, "v2/account").Request!));

        Assert.Equal(ErrorKind.NotConnected, fault.Kind);
        session.Dispose();
        session.Dispose();
    }

    [Fact]
    public void Every_handle_belongs_to_a_safe_handle()
    {
        Type[] handles = [.. typeof(NativeStream).Assembly.GetTypes()
            .Where(type => type.Namespace == "DattoRMM.Native" && typeof(SafeHandle).IsAssignableFrom(type))];

        Assert.Equal(["NativeBuffer", "SessionHandle", "StreamHandle"], handles.Select(type => type.Name).Order());
    }

    /// <summary>Reads until the stream was cancelled, or freed under the reader's hands.</summary>
    private static bool EndsOrIsGone(NativeStream stream)
    {
        try
        {
            while (true)
            {
                StreamState state = stream.Next(s_patience, out NativeBuffer batch, out NativeBuffer report);
                batch.Dispose();
                report.Dispose();
                if (state == StreamState.Cancelled)
                {
                    return true;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Forgets streams, some with a reader that waits, and ends in the middle of it all.</summary>
    private static IEnumerable<string> LeaveEverythingOpen(string[] login)
    {
        using Engine engine = new();
        NativeSession session = NativeBatches.Connect(login[0], login[1], login[2]);
        for (int i = 0; i < 200; i++)
        {
            Forget(session);
            if (i % 50 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        Call call = Call.Pages(null, "devices", "v2/account/devices");
        for (int i = 0; i < 8; i++)
        {
            Thread reader = new(() =>
            {
                while (true)
                {
                    NativeBatches.Read(session, call);
                }
            }) { IsBackground = true };
            reader.Start();
        }
        return ["done"];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(NativeSession session)
    {
        NativeStream stream = session.Open(Call.Get(null, "v2/account").Request!);
        _ = session.Describe();
        _ = stream.Next(TimeSpan.FromMilliseconds(1), out _, out _);
    }

    /// <summary>By how much handles, threads and memory in KB have grown.</summary>
    private static IEnumerable<string> ReadAThousandStreams(string[] login)
    {
        using Engine engine = new();
        engine["login"] = login;
        engine.Run("Connect-DrmmApi -Url $login[0] -Key $login[1] -SecretKey $login[2]");
        (int Handles, int Threads, int Memory) Read(int streams)
        {
            engine["streams"] = streams;
            engine.Run("for ($i = 0; $i -lt $streams; $i++) { $null = Get-DrmmDevice }");
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using Process self = Process.GetCurrentProcess();
            return (self.HandleCount, self.Threads.Count, (int)(self.PrivateMemorySize64 / 1024));
        }
        (int Handles, int Threads, int Memory) before = Read(300);
        (int Handles, int Threads, int Memory) after = Read(1_000);
        return
        [
            $"{after.Handles - before.Handles}", $"{after.Threads - before.Threads}", $"{after.Memory - before.Memory}",
        ];
    }
}
