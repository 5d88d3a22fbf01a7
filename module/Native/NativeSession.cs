using System;
using DattoRMM.Client;

namespace DattoRMM.Native;

/// <summary>An open session of the client: opens streams, and says how it stands.</summary>
internal sealed class NativeSession : IDisposable
{
    private readonly SessionHandle _handle;

    private NativeSession(SessionHandle handle) => _handle = handle;

    /// <summary>Makes a session; nothing is sent.</summary>
    internal static NativeSession Connect(byte[] options)
    {
        NativeLoader.Ensure();
        return new NativeSession(NativeMethods.Connect(options));
    }

    /// <summary>Opens the stream that ends when a token is there.</summary>
    internal NativeStream Login() => new(Use(NativeMethods.Login));

    /// <summary>Opens the stream of the answers to a request.</summary>
    internal NativeStream Open(Request request)
    {
        byte[] document = request.ToDocument();
        try
        {
            return new NativeStream(Use(session => Open(session, request, document)));
        }
        finally
        {
            // It may hold a key's secret, or the value of a variable.
            Array.Clear(document, 0, document.Length);
        }
    }

    /// <summary>How the session stands, as a batch of one item.</summary>
    internal NativeBuffer Describe() => Use(NativeMethods.Describe);

    /// <summary>
    /// Ends the session, any number of times: later calls on it give <see cref="ErrorKind.NotConnected"/>.
    /// </summary>
    internal void Disconnect()
    {
        try
        {
            NativeMethods.Disconnect(_handle);
        }
        catch (ObjectDisposedException)
        {
            // Somebody else was faster; to free it has disconnected it as well.
        }
        _handle.Dispose();
    }

    public void Dispose() => _handle.Dispose();

    private static StreamHandle Open(SessionHandle session, Request request, byte[] document) => request switch
    {
        { Keys: not null } => NativeMethods.Token(session, document),
        { Items: not null } => NativeMethods.Paginate(session, document),
        _ => NativeMethods.Request(session, document),
    };

    private T Use<T>(Func<SessionHandle, T> function)
    {
        try
        {
            return function(_handle);
        }
        catch (ObjectDisposedException)
        {
            throw new DrmmException(ErrorKind.NotConnected, Messages.SessionClosed);
        }
    }
}
