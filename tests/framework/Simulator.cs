using System;
using System.IO;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DattoRMM.Client;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Tests;

/// <summary>A simulator for one case.</summary>
internal sealed class Simulator : IDisposable
{
    private readonly SimulatorProcess _process;

    internal Simulator(string program, string options) => _process = SimulatorProcess.Start(program, options);

    internal string Url => Read("url");

    /// <summary>The options document of a session.</summary>
    internal byte[] Login(string? secret = null) => Encoding.UTF8.GetBytes(
        $$"""{"url":"{{Url}}","key":"{{Read("key")}}","secret":"{{secret ?? Read("secret")}}"}""");

    /// <summary>Gives this text in place of the next answer to a request.</summary>
    internal void Answer(string request, string text)
    {
        using WebClient control = new();
        control.Headers[HttpRequestHeader.ContentType] = "application/json";
        control.Encoding = Encoding.UTF8;
        control.UploadString(
            Read("control") + "/faults",
            "PUT",
            $$"""[{"match":"{{request}}","fault":{"answer":{{JsonWriter.Serialize(text)}}},"times":1}]""");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private string Read(string name) =>
        Regex.Match(_process.Ready, $"\"{name}\":\"(?<value>[^\"]+)\"") is { Success: true } match
            ? match.Groups["value"].Value
            : throw new IOException($"the simulator's first line has no {name}");
}
