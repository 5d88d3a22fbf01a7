using System.Net.Sockets;
using System.Text;

namespace DattoRMM.Tests.Fixtures;

/// <summary>A server that only wants to see who comes.</summary>
internal static class Refusal
{
    /// <summary>The first line that the first client sends; it is refused, and others find nobody.</summary>
    internal static async Task<string> FirstLineAsync(TcpListener listener) => (await HeadAsync(listener))[0];

    /// <summary>All lines of the request that the first client sends; it is refused, and others find nobody.</summary>
    internal static async Task<IReadOnlyList<string>> HeadAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        listener.Stop();
        using StreamReader reader = new(client.GetStream());
        List<string> head = [await reader.ReadLineAsync() ?? ""];
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Add(line);
        }
        byte[] refusal = Encoding.ASCII.GetBytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        await client.GetStream().WriteAsync(refusal);
        return head;
    }
}
