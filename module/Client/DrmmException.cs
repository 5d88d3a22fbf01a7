using System;

namespace DattoRMM.Client;

/// <summary>
/// A fault of the client. Its message is a whole sentence for the user, and holds no secret.
/// <see cref="ErrorRecords"/> makes the ErrorRecord of it.
/// </summary>
public sealed class DrmmException : Exception
{
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">A sentence without its capital and its full stop, as the library gives it.</param>
    internal DrmmException(ErrorKind kind, string message)
        : base(Messages.Sentence(message)) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The HTTP status, 0 if no response came.</summary>
    public int StatusCode { get; internal set; }

    /// <summary>How long to wait before trying again, if the server said so.</summary>
    public TimeSpan? RetryAfter { get; internal set; }

    /// <summary>The method of the request at fault, or an empty string.</summary>
    public string Method { get; internal set; } = "";

    /// <summary>The path of the request at fault, or an empty string.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>What the fault is about, where the thrower knows it better than the command.</summary>
    internal object? Target { get; set; }
}
