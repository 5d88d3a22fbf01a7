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
        ErrorKind kind = (ErrorKind)NativeMethods.ErrorKind(error);
        TimeSpan? retryAfter = Milliseconds.ToTime(NativeMethods.ErrorRetryAfter(error));
        if (kind == ErrorKind.Blocked && retryAfter is { } left)
        {
            // A second more, since the time is told without its fraction.
            message = Messages.TryAgainAt(message, DateTime.Now + left + TimeSpan.FromSeconds(1));
        }
        return new DrmmException(kind, message)
        {
            StatusCode = NativeMethods.ErrorStatus(error),
            RetryAfter = retryAfter,
            Method = method,
            Path = path,
        };
    }

    private static string Text(byte* start, UIntPtr length) =>
        length == UIntPtr.Zero ? "" : Encoding.UTF8.GetString(start, checked((int)length.ToUInt64()));
}
