using System.Net;
using System.Net.Sockets;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// Starts simulators for tests that run on another system of this machine (see <see cref="SimulatorProcess"/>): one
/// for each connection. It tells its own address in its first line, and ends when its standard input does.
/// </summary>
internal static class SimulatorHost
{
    internal static int Serve()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Console.Out.WriteLine(listener.LocalEndpoint);
        _ = AcceptAsync(listener);
        Console.In.ReadToEnd();
        return 0;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            TcpClient connection = await listener.AcceptTcpClientAsync();
            Thread thread = new(() => Attend(connection)) { IsBackground = true };
            thread.Start();
        }
    }

    /// <summary>The caller's line has the options, ours is the simulator's; then whoever ends, ends both.</summary>
    private static void Attend(TcpClient connection)
    {
        using (connection)
        using (StreamReader reader = new(connection.GetStream()))
        {
            try
            {
                using SimulatorProcess simulator = Simulator.StartProcess(reader.ReadLine() ?? "");
                connection.GetStream().Write([.. System.Text.Encoding.UTF8.GetBytes(simulator.Ready), (byte)'\n']);
                Task gone = reader.ReadToEndAsync();
                while (!simulator.HasEnded && !gone.Wait(TimeSpan.FromMilliseconds(50)))
                {
                }
                simulator.Kill();
            }
            catch (Exception fault) when (fault is IOException or InvalidOperationException or AggregateException)
            {
                // The caller reads the end of its connection and says what it missed.
                Console.Error.WriteLine(fault.Message);
            }
        }
    }
}
