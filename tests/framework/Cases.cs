using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using DattoRMM.Client;
using DattoRMM.Native;

namespace DattoRMM.Tests;

/// <summary>What the interop layer and the batch reader do; each case with a simulator and a session of its own.</summary>
internal sealed class Cases : IDisposable
{
    private const int Devices = 10_000;
    private const string Words = "Grüße, 管理, ☃ und 𝄞";

    private static readonly Call s_devices = Call.Pages("DattoRMM.Device", "devices", "v2/account/devices");
    private static readonly Call s_account = Call.Get("DattoRMM.Account", "v2/account");

    private readonly Simulator _sim;
    private readonly NativeSession _session;

    internal Cases(string simulator)
    {
        _sim = new Simulator(simulator, $"--devices {Devices} --sites 40 --limit 1000000");
        _session = NativeSession.Connect(_sim.Login());
    }

    public void Dispose()
    {
        _session.Disconnect();
        _sim.Dispose();
    }

    public void Ten_thousand_devices_come_whole_and_in_order()
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<PSObject> devices = Reading.All(_session, s_devices);
        Console.Out.WriteLine($"{devices.Count} devices in {watch.Elapsed.TotalSeconds:0.00} s");

        Check.Equal(Devices, devices.Count);
        long[] ids = [.. devices.Select(device => (long)Reading.Field(device, "id")!)];
        Check.Equal(Devices, ids.Distinct().Count());
        Check.Equal(true, ids.SequenceEqual(ids.OrderBy(id => id)));
        Check.Equal("DattoRMM.Device", devices[0].TypeNames[0]);
    }

    public void A_nested_object_is_decoded_once_for_all_threads_that_read_it()
    {
        foreach (PSObject device in Reading.All(_session, s_devices).Take(500))
        {
            object?[] read = new object?[4];
            Parallel.For(0, read.Length, number => read[number] = Reading.Field(device, "udf"));
            Check.Equal(1, read.Distinct().Count());
            Check.Equal("udf1", ((PSObject)read[0]!).Properties.First().Name);
        }
    }

    public void A_copy_of_a_nested_object_decodes_for_itself()
    {
        PSPropertyInfo udf = Reading.All(_session, s_devices)[0].Properties["udf"];
        Check.Equal("System.Management.Automation.PSCustomObject", udf.TypeNameOfValue);
        PSMemberInfo copy = udf.Copy();

        Check.Equal(false, ReferenceEquals(udf.Value, copy.Value));
        Check.Equal(
            ((PSObject)udf.Value).Properties.Count(), ((PSObject)copy.Value).Properties.Count());
    }

    public void Every_kind_of_value_is_what_it_is_in_PowerShell_7()
    {
        _sim.Answer("GET /v2/account", $$"""
            {"whole":9007199254740993,"least":-9223372036854775808,"big":123456789012345678901234567890,
             "fraction":0.1,"text":"{{Words}}","nothing":null,"yes":true,"no":false,"list":[1,"a",{"x":2}],"none":[]}
            """);
        PSObject item = Reading.All(_session, s_account).Single();
        object[] list = (object[])Reading.Field(item, "list")!;

        Check.Equal(9007199254740993L, Reading.Field(item, "whole"));
        Check.Equal(long.MinValue, Reading.Field(item, "least"));
        Check.Equal(BigInteger.Parse("123456789012345678901234567890"), Reading.Field(item, "big"));
        Check.Equal(0.1, Reading.Field(item, "fraction"));
        Check.Equal(Words, Reading.Field(item, "text"));
        Check.Equal(null, Reading.Field(item, "nothing"));
        Check.Equal(true, Reading.Field(item, "yes"));
        Check.Equal(false, Reading.Field(item, "no"));
        Check.Equal(3, list.Length);
        Check.Equal(2L, Reading.Field((PSObject)list[2], "x"));
        Check.Equal(0, ((object[])Reading.Field(item, "none")!).Length);
        Check.Equal(
            "whole least big fraction text nothing yes no list none",
            string.Join(" ", item.Properties.Select(property => property.Name)));
    }

    public void Text_goes_out_and_comes_back()
    {
        Reading.All(_session, Call.Put(null, "v2/account/variable").Body(
            new Dictionary<string, object?> { ["name"] = Words, ["value"] = Words + " \"\\\n", ["masked"] = false }));

        PSObject variable = Reading.All(_session, Call.Pages(null, "variables", "v2/account/variables"))
            .Single(item => Equals(Words, Reading.Field(item, "name")));

        Check.Equal(Words + " \"\\\n", Reading.Field(variable, "value"));
    }

    public void An_error_has_its_kind_status_method_and_path()
    {
        DrmmException fault = Check.Throws(
            ErrorKind.NotFound, () => Reading.All(_session, Call.Get(null, "v2/device/{}", "no-" + Words)));

        Check.Equal(404, fault.StatusCode);
        Check.Equal("GET", fault.Method);
        Check.Equal(true, fault.Path.Contains("v2/device/no-Gr%C3%BC%C3%9Fe"));
    }

    public void A_wrong_secret_and_a_wrong_url_are_errors_of_their_own()
    {
        NativeSession stranger = NativeSession.Connect(_sim.Login(secret: "wrong"));

        Check.Throws(ErrorKind.Authentication, () => Reading.All(stranger, s_account));
        Check.Throws(
            ErrorKind.InvalidArgument,
            () => NativeSession.Connect(Encoding.UTF8.GetBytes(
                """{"url":"http://api.example","key":"a","secret":"b"}""")));
        stranger.Dispose();
    }

    public void A_reader_that_waits_is_woken_by_a_cancel_within_a_second()
    {
        using Simulator slow = new(Program.Simulator, "--devices 10 --sites 2 --latency-ms 20000");
        NativeSession session = NativeSession.Connect(slow.Login());
        NativeStream stream = session.Open(s_account.Request!);
        StreamState state = StreamState.Ready;
        using ManualResetEventSlim begins = new();
        Thread reader = new(() =>
        {
            begins.Set();
            state = stream.Next(TimeSpan.FromSeconds(30), out NativeBuffer batch, out NativeBuffer report);
            batch.Dispose();
            report.Dispose();
        });
        reader.Start();
        begins.Wait();
        Stopwatch watch = Stopwatch.StartNew();
        stream.Cancel();

        Check.Equal(true, reader.Join(TimeSpan.FromSeconds(1)));
        Console.Out.WriteLine($"woken after {watch.ElapsedMilliseconds} ms");
        Check.Equal(StreamState.Cancelled, state);
        stream.Dispose();
        session.Disconnect();
    }

    public void Threads_that_close_the_same_handles_close_them_once()
    {
        for (int i = 0; i < 200; i++)
        {
            NativeSession session = NativeSession.Connect(_sim.Login());
            NativeStream stream = session.Open(s_account.Request!);
            NativeBuffer buffer = session.Describe();
            Parallel.For(0, 4, _ =>
            {
                stream.Cancel();
                stream.Dispose();
                buffer.Dispose();
                session.Dispose();
            });
            Check.Equal(true, buffer.IsClosed);
            Check.Throws(ErrorKind.NotConnected, () => session.Open(s_account.Request!));
        }
    }

    public void What_nobody_closes_the_runtime_closes()
    {
        for (int i = 0; i < 300; i++)
        {
            Forget();
            if (i % 50 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Check.Equal(1, Reading.All(_session, s_account).Count);
    }

    public void Eight_threads_read_on_one_session()
    {
        int[] counts = new int[8];
        Parallel.For(0, counts.Length, number => counts[number] = Reading.All(_session, s_devices).Count);

        Check.Equal(true, counts.All(count => count == Devices));
    }

    public void The_way_in_which_Windows_PowerShell_loads_the_library_works_or_says_what_is_missing()
    {
        string? fault = NativeLoader.Load(preload: true);

        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            Check.Equal(null, fault);
            return;
        }
        // Without Windows there is nobody to load it; that has to be a sentence as well.
        Check.Equal(true, fault!.StartsWith(
            $"the native library {NativeLoader.ExpectedPath()} could not be loaded (", StringComparison.Ordinal));
        Check.Equal(true, fault.Contains("kernel32"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget()
    {
        NativeStream stream = _session.Open(s_account.Request!);
        _ = _session.Describe();
        _ = stream.Next(TimeSpan.FromMilliseconds(1), out _, out _);
    }
}
