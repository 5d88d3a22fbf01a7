// Compiled into tests/framework too, so it keeps to what .NET Framework has.
using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// The process of a simulator: a child of this one, or, where <c>DRMM_SIM_HOST</c> names the address of a
/// <c>SimulatorHost</c>, a child of that one. So tests on a system that the simulator was not built for have it
/// on another.
/// </summary>
internal abstract class SimulatorProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The line of JSON that says where it listens.</summary>
    internal abstract string Ready { get; }

    internal abstract bool HasEnded { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="program">The simulator; a host has its own.</param>
    /// <param name="options">As its <c>--help</c> has them.</param>
    /// <param name="files">Options that name files of this system; a host adds its own.</param>
    internal static SimulatorProcess Start(string program, string options, string files = "") =>
        Environment.GetEnvironmentVariable("DRMM_SIM_HOST") is { Length: > 0 } host
            ? new Distant(new Uri("tcp://" + host), options)
            : new Local(program, $"--watch-stdin {files} {options}");

    /// <summary>Ends it at once, with all its connections, and waits for that.</summary>
    internal abstract void Kill();

    public abstract void Dispose();

    private static string WaitForReady(TextReader output, string options)
    {
        Task<string?> line = output.ReadLineAsync();
        return line.Wait(s_patience) && line.Result is { } ready
            ? ready
            : throw new InvalidOperationException($"the simulator gave no ready line: {options}");
    }

    private sealed class Local : SimulatorProcess
    {
        private readonly Process _process;

        internal Local(string program, string options)
        {
            ProcessStartInfo start = new(program, options)
            {
                UseShellExecute = false,
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

        internal Distant(Uri host, string options)
        {
            _connection.Connect(host.Host, host.Port);
            _connection.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
            _reader = new StreamReader(_connection.GetStream());
            byte[] line = Encoding.UTF8.GetBytes(options + "\n");
            _connection.GetStream().Write(line, 0, line.Length);
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
