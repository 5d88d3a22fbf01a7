using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// The process of a simulator: a child of this one, or, where <c>DRMM_SIM_HOST</c> names the address of a
/// <see cref="SimulatorHost"/>, a child of that one. So tests on a system that the simulator was not built for have it
/// on another.
/// </summary>
internal abstract class SimulatorProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The line of JSON that says where it listens.</summary>
    internal abstract string Ready { get; }

    internal abstract bool HasEnded { get; }

    /// <summary>Starts one, with options as its <c>--help</c> has them, and waits until it listens.</summary>
    internal static SimulatorProcess Start(string options) =>
        Environment.GetEnvironmentVariable("DRMM_SIM_HOST") is { Length: > 0 } host
            ? new Distant(IPEndPoint.Parse(host), options)
            : new Local(options);

    /// <summary>Ends it at once, with all its connections, and waits for that.</summary>
    internal abstract void Kill();

    public abstract void Dispose();

    private static string WaitForReady(TextReader output, string options)
    {
        Task<string?> line = output.ReadLineAsync();
        return line.Wait(s_patience) && line.Result is { } ready
            ? ready
            : throw new InvalidOperationException($"{Paths.Simulator} {options}: no ready line");
    }

    private sealed class Local : SimulatorProcess
    {
        private readonly Process _process;

        internal Local(string options)
        {
            string check = File.Exists(Paths.ApiDescription) ? $"--check-answers \"{Paths.ApiDescription}\" " : "";
            ProcessStartInfo start = new(Paths.Simulator, $"--watch-stdin {check}{options}")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            _process = Process.Start(start)!;
            try
            {
                Ready = WaitForReady(_process.StandardOutput, options);
            }
            catch
            {
                Kill();
                Dispose();
                throw;
            }
        }

        internal override string Ready { get; }

        internal override bool HasEnded => _process.HasExited;

        internal override void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public override void Dispose() => _process.Dispose();
    }

    /// <summary>It lives as long as its connection, and the other way round.</summary>
    private sealed class Distant : SimulatorProcess
    {
        private readonly TcpClient _connection = new();
        private readonly StreamReader _reader;

        internal Distant(IPEndPoint host, string options)
        {
            _connection.Connect(host);
            _connection.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
            _reader = new StreamReader(_connection.GetStream());
            _connection.GetStream().Write([.. System.Text.Encoding.UTF8.GetBytes(options), (byte)'\n']);
            Ready = WaitForReady(_reader, options);
        }

        internal override string Ready { get; }

        // Behind the ready line the host sends nothing but the end.
        internal override bool HasEnded => _connection.Client.Poll(0, SelectMode.SelectRead);

        internal override void Kill()
        {
            _connection.Client.Shutdown(SocketShutdown.Send);
            _reader.ReadToEnd();
        }

        public override void Dispose()
        {
            _reader.Dispose();
            _connection.Dispose();
        }
    }
}
