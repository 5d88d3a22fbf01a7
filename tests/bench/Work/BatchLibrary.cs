using System.Runtime.InteropServices;
using System.Text;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Work;

/// <summary>
/// The native library with an entry of its own for text that is there already: <c>tests/bench/batch</c>.
/// One instance is one stream.
/// </summary>
internal sealed unsafe class BatchLibrary : IDisposable
{
    private const string Command = "cargo build --release --locked -p drmm-batch";

    private static readonly nint s_library = Load();
    private static readonly delegate* unmanaged[Cdecl]<byte*, nuint, nint> s_open =
        (delegate* unmanaged[Cdecl]<byte*, nuint, nint>)NativeLibrary.GetExport(s_library, "bench_open");
    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, nint> s_batch =
        (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, nint>)
            NativeLibrary.GetExport(s_library, "bench_batch");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> s_free =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(s_library, "bench_free");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> s_close =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(s_library, "bench_close");

    private readonly nint _stream;

    /// <param name="fields">The fields that are wanted of each item; all if none is named.</param>
    internal BatchLibrary(params string[] fields)
    {
        // An empty array has no address.
        byte[] names = Encoding.UTF8.GetBytes(string.Join('\n', fields) + '\0');
        fixed (byte* start = names)
        {
            _stream = s_open(start, (nuint)names.Length - 1);
        }
        if (_stream == 0)
        {
            throw new ArgumentException($"{string.Join(", ", fields)} cannot be chosen", nameof(fields));
        }
    }

    /// <summary>Makes the batch of a page of devices. <paramref name="start"/> holds until it is given back.</summary>
    internal nint Make(byte[] page, out byte* start, out int length)
    {
        byte* first;
        nuint size;
        fixed (byte* text = page)
        {
            nint batch = s_batch(_stream, text, (nuint)page.Length, &first, &size);
            start = first;
            length = (int)size;
            return batch != 0 ? batch : throw new InvalidDataException("the page has no devices");
        }
    }

    internal static void Free(nint batch) => s_free(batch);

    public void Dispose() => s_close(_stream);

    private static nint Load()
    {
        string name = OperatingSystem.IsWindows() ? "batch_library.dll"
            : OperatingSystem.IsMacOS() ? "libbatch_library.dylib"
            : "libbatch_library.so";
        string path = Path.Combine(Paths.Target, "release", name);
        return File.Exists(path)
            ? NativeLibrary.Load(path)
            : throw new FileNotFoundException($"{path} is not there: {Command}");
    }
}
