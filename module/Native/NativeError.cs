using System;
using System.Text;
using DattoRMM.Client;

namespace DattoRMM.Native;

/// <summary>Turns the library's owned error objects into exceptions, and frees them.</summary>
internal static unsafe class NativeError
{
    private const int Ok = 0;

    /// <summary>Throws when <paramref name="status"/> is not OK. The error is freed in any case.</summary>
    internal static void ThrowIf(int status, IntPtr error)
    {
        if (status == Ok)
        {
            return;
        }
        if (error == IntPtr.Zero)
        {
            throw new DrmmException((ErrorKind)status, Messages.NoErrorDetail(status));
        }
        try
        {
            throw FromError(error);
        }
        finally
        {
            NativeMethods.FreeError(error);
        }
    }

    private static DrmmException FromError(IntPtr error)
    {
        UIntPtr length;
        string message = Text(NativeMethods.ErrorMessage(error, &length), length);
        string method = Text(NativeMethods.ErrorMethod(error, &length), length);
        string path = Text(NativeMethods.ErrorPath(error, &length), length);
        return new DrmmException((ErrorKind)NativeMethods.ErrorKind(error), message)
        {
            StatusCode = NativeMethods.ErrorStatus(error),
            RetryAfter = Milliseconds.ToTime(NativeMethods.ErrorRetryAfter(error)),
            Method = method,
            Path = path,
        };
    }

    private static string Text(byte* start, UIntPtr length) =>
        length == UIntPtr.Zero ? "" : Encoding.UTF8.GetString(start, checked((int)length.ToUInt64()));
}
