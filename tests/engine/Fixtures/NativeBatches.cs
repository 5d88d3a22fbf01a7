using System.Text.Json.Nodes;
using DattoRMM.Client;
using DattoRMM.Native;

namespace DattoRMM.Tests.Fixtures;

/// <summary>The library without the commands above it: sessions, and the bytes of its batches and reports.</summary>
internal static unsafe class NativeBatches
{
    /// <summary>Opens a session. An engine has to be there first: it finds the library.</summary>
    internal static NativeSession Connect(Simulator simulator) =>
        Connect(simulator.Url, simulator.Key, simulator.Secret);

    /// <summary>Opens a session, as above.</summary>
    internal static NativeSession Connect(string url, string key, string secret) =>
        NativeSession.Connect(Utf8(new JsonObject { ["url"] = url, ["key"] = key, ["secret"] = secret }));

    /// <summary>All batches and reports of a call, each as its own bytes.</summary>
    internal static (List<byte[]> Batches, List<byte[]> Reports) Read(NativeSession session, Call call)
    {
        List<byte[]> batches = [];
        List<byte[]> reports = [];
        using NativeStream stream = session.Open(call.Request!);
        StreamState state;
        do
        {
            state = stream.Next(TimeSpan.FromSeconds(10), out NativeBuffer batch, out NativeBuffer report);
            using (batch)
            using (report)
            {
                Add(batches, batch);
                Add(reports, report);
            }
        }
        while (state is StreamState.Ready or StreamState.Pending);
        return (batches, reports);
    }

    private static void Add(List<byte[]> list, NativeBuffer buffer)
    {
        if (!buffer.IsInvalid)
        {
            byte* start = buffer.Read(out int length);
            list.Add(new ReadOnlySpan<byte>(start, length).ToArray());
        }
    }

    private static byte[] Utf8(JsonObject document) =>
        System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
}
