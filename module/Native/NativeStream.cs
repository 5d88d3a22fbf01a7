using System;

namespace DattoRMM.Native;

/// <summary>What <see cref="NativeStream.Next"/> found. The numbers are the library's.</summary>
internal enum StreamState
{
    /// <summary>A batch came.</summary>
    Ready = 1,

    /// <summary>The time is up; ask again.</summary>
    Pending = 2,

    /// <summary>Nothing more comes.</summary>
    End = 3,

    /// <summary>The stream was cancelled.</summary>
    Cancelled = 4,
}

/// <summary>A stream of batches. Not for two readers at once; <see cref="Cancel"/> may come from any thread.</summary>
internal sealed class NativeStream : IDisposable
{
    private readonly StreamHandle _handle;

    internal NativeStream(StreamHandle handle) => _handle = handle;

    /// <summary>
    /// Waits up to <paramref name="timeout"/> for the next batch. Both buffers are the caller's to dispose;
    /// <paramref name="batch"/> holds bytes only when the answer is <see cref="StreamState.Ready"/>,
    /// <paramref name="report"/> only when something has happened.
    /// </summary>
    internal StreamState Next(TimeSpan timeout, out NativeBuffer batch, out NativeBuffer report) =>
        NativeMethods.Next(_handle, timeout, out batch, out report);

    /// <summary>Wakes <see cref="Next"/>, and starts no request any more. Nothing on a closed stream.</summary>
    internal void Cancel()
    {
        try
        {
            NativeMethods.Cancel(_handle);
        }
        catch (ObjectDisposedException)
        {
            // The reader closed it in the meantime, which cancels it as well.
        }
    }

    public void Dispose() => _handle.Dispose();
}
