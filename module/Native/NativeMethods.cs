using System;
using System.Runtime.InteropServices;

namespace DattoRMM.Native;

/// <summary>
/// The C functions of <c>drmm_native</c>, as <c>include/drmm.h</c> has them. Each takes handles and gives handles or
/// throws; what a pointer is, only this folder knows.
/// </summary>
internal static unsafe class NativeMethods
{
    /// <summary>The name of the library: a file of that name, without <c>lib</c>, in the platform's folder.</summary>
    internal const string Library = "drmm_native";

    internal static uint AbiVersion() => drmm_abi_version();

    internal static SessionHandle Connect(byte[] options)
    {
        IntPtr session = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        fixed (byte* start = options)
        {
            NativeError.ThrowIf(drmm_connect(start, Length(options), &session, &error), error);
        }
        return new SessionHandle(session);
    }

    internal static StreamHandle Login(SessionHandle session)
    {
        IntPtr stream = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        NativeError.ThrowIf(drmm_login(session, &stream, &error), error);
        return new StreamHandle(stream);
    }

    internal static StreamHandle Request(SessionHandle session, byte[] call)
    {
        IntPtr stream = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        fixed (byte* start = call)
        {
            NativeError.ThrowIf(drmm_request(session, start, Length(call), &stream, &error), error);
        }
        return new StreamHandle(stream);
    }

    internal static StreamHandle Paginate(SessionHandle session, byte[] call)
    {
        IntPtr stream = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        fixed (byte* start = call)
        {
            NativeError.ThrowIf(drmm_paginate(session, start, Length(call), &stream, &error), error);
        }
        return new StreamHandle(stream);
    }

    internal static StreamHandle Token(SessionHandle session, byte[] keys)
    {
        IntPtr stream = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        fixed (byte* start = keys)
        {
            NativeError.ThrowIf(drmm_token(session, start, Length(keys), &stream, &error), error);
        }
        return new StreamHandle(stream);
    }

    internal static StreamState Next(
        StreamHandle stream, TimeSpan timeout, out NativeBuffer batch, out NativeBuffer report)
    {
        int state = 0;
        IntPtr batchPointer = IntPtr.Zero;
        IntPtr reportPointer = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        uint milliseconds = (uint)timeout.TotalMilliseconds;
        NativeError.ThrowIf(
            drmm_next(stream, milliseconds, &state, &batchPointer, &reportPointer, &error), error);
        batch = new NativeBuffer(batchPointer);
        report = new NativeBuffer(reportPointer);
        return (StreamState)state;
    }

    internal static void Cancel(StreamHandle stream)
    {
        IntPtr error = IntPtr.Zero;
        NativeError.ThrowIf(drmm_cancel(stream, &error), error);
    }

    internal static NativeBuffer Describe(SessionHandle session)
    {
        IntPtr description = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        NativeError.ThrowIf(drmm_describe(session, &description, &error), error);
        return new NativeBuffer(description);
    }

    internal static void Disconnect(SessionHandle session)
    {
        IntPtr error = IntPtr.Zero;
        NativeError.ThrowIf(drmm_disconnect(session, &error), error);
    }

    internal static byte* ReadBuffer(NativeBuffer buffer, out int length)
    {
        UIntPtr size = UIntPtr.Zero;
        byte* start = drmm_buffer_read(buffer, &size);
        length = checked((int)size.ToUInt64());
        return start;
    }

    internal static int ErrorKind(IntPtr error) => drmm_error_kind(error);

    internal static int ErrorStatus(IntPtr error) => drmm_error_status(error);

    internal static long ErrorRetryAfter(IntPtr error) => drmm_error_retry_after_ms(error);

    internal static byte* ErrorMessage(IntPtr error, UIntPtr* length) => drmm_error_message(error, length);

    internal static byte* ErrorMethod(IntPtr error, UIntPtr* length) => drmm_error_method(error, length);

    internal static byte* ErrorPath(IntPtr error, UIntPtr* length) => drmm_error_path(error, length);

    internal static void FreeSession(IntPtr session) => drmm_free_session(session);

    internal static void FreeStream(IntPtr stream) => drmm_free_stream(stream);

    internal static void FreeBuffer(IntPtr buffer) => drmm_free_buffer(buffer);

    internal static void FreeError(IntPtr error) => drmm_free_error(error);

    private static UIntPtr Length(byte[] bytes) => (UIntPtr)(uint)bytes.Length;

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern uint drmm_abi_version();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_connect(byte* options, UIntPtr options_len, IntPtr* session, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_login(SessionHandle session, IntPtr* stream, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_request(
        SessionHandle session, byte* call, UIntPtr call_len, IntPtr* stream, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_paginate(
        SessionHandle session, byte* call, UIntPtr call_len, IntPtr* stream, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_token(
        SessionHandle session, byte* keys, UIntPtr keys_len, IntPtr* stream, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_next(
        StreamHandle stream, uint timeout_ms, int* state, IntPtr* batch, IntPtr* report, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_cancel(StreamHandle stream, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_describe(SessionHandle session, IntPtr* description, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_disconnect(SessionHandle session, IntPtr* error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern byte* drmm_buffer_read(NativeBuffer buffer, UIntPtr* len);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_error_kind(IntPtr error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern int drmm_error_status(IntPtr error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern long drmm_error_retry_after_ms(IntPtr error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern byte* drmm_error_message(IntPtr error, UIntPtr* len);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern byte* drmm_error_method(IntPtr error, UIntPtr* len);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern byte* drmm_error_path(IntPtr error, UIntPtr* len);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void drmm_free_session(IntPtr session);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void drmm_free_stream(IntPtr stream);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void drmm_free_buffer(IntPtr buffer);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern void drmm_free_error(IntPtr error);
}
