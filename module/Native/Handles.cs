using System;
using Microsoft.Win32.SafeHandles;

namespace DattoRMM.Native;

/// <summary>A session of the client. Freeing the last one of an account wipes its token and secret.</summary>
internal sealed class SessionHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal SessionHandle(IntPtr session)
        : base(ownsHandle: true) => SetHandle(session);

    protected override bool ReleaseHandle()
    {
        NativeMethods.FreeSession(handle);
        return true;
    }
}

/// <summary>A stream of batches. Freeing it cancels what it still does; the reference count of the handle keeps that
/// from happening beside a call on it.</summary>
internal sealed class StreamHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal StreamHandle(IntPtr stream)
        : base(ownsHandle: true) => SetHandle(stream);

    protected override bool ReleaseHandle()
    {
        NativeMethods.FreeStream(handle);
        return true;
    }
}

/// <summary>Bytes that the library wrote, or, where it is invalid, none at all.</summary>
internal sealed unsafe class NativeBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    internal NativeBuffer(IntPtr buffer)
        : base(ownsHandle: true) => SetHandle(buffer);

    /// <summary>The first byte; it stays where it is until the buffer is freed.</summary>
    internal byte* Read(out int length) => NativeMethods.ReadBuffer(this, out length);

    protected override bool ReleaseHandle()
    {
        NativeMethods.FreeBuffer(handle);
        return true;
    }
}
