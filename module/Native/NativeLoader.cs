using System;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using DattoRMM.Client;

namespace DattoRMM.Native;

/// <summary>
/// Finds the native library and compares its ABI version. PowerShell 7 looks into <c>&lt;module&gt;/&lt;rid&gt;/</c>
/// by itself, after the runtime has looked where it looks. Windows PowerShell does not, and before .NET 10 the runtime
/// looks on PATH, too; so the library is loaded there by its full path, and binds by its name. It is never unloaded:
/// its threads and its share of the quota outlive the module.
/// </summary>
internal static class NativeLoader
{
    /// <summary>The version of the ABI that this assembly was written for.</summary>
    internal const uint AbiVersion = 1;

    private const uint LoadLibrarySearchDllLoadDir = 0x100;
    private const uint LoadLibrarySearchSystem32 = 0x800;

    private static readonly object s_gate = new();
    private static bool s_loaded;
    private static string? s_fault;

    /// <summary>Whether this is Windows with .NET Framework, which counts as 4, or PowerShell up to 7.5.</summary>
    private static bool Preloads =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && Environment.Version.Major < 10;

    /// <summary>Loads the library once; whoever comes after a fault gets the same sentence.</summary>
    internal static void Ensure()
    {
        lock (s_gate)
        {
            if (s_loaded)
            {
                return;
            }
            s_fault ??= Load(Preloads);
            if (s_fault != null)
            {
                throw new DrmmException(ErrorKind.NativeLibrary, s_fault);
            }
            s_loaded = true;
        }
    }

    /// <summary>Where the library must be for this process.</summary>
    internal static string ExpectedPath()
    {
        string folder = Path.GetDirectoryName(typeof(NativeLoader).Assembly.Location)!;
        (string system, string extension) =
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? ("win", ".dll")
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? ("osx", ".dylib")
            : ("linux", ".so");
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return Path.Combine(folder, system + "-" + architecture, NativeMethods.Library + extension);
    }

    /// <summary>Loads the library, and says why that failed.</summary>
    /// <param name="preload">Whether it has to be loaded by its path, because nobody else looks for it there.</param>
    internal static string? Load(bool preload)
    {
        string path = ExpectedPath();
        try
        {
            if (preload)
            {
                IntPtr library = LoadLibraryExW(
                    path, IntPtr.Zero, LoadLibrarySearchDllLoadDir | LoadLibrarySearchSystem32);
                if (library == IntPtr.Zero)
                {
                    return NotLoaded(path, new Win32Exception(Marshal.GetLastWin32Error()).Message);
                }
                // Of two with this name the first one that was loaded is bound.
                if (GetModuleHandleW(NativeMethods.Library + ".dll") != library)
                {
                    return Messages.OtherLibraryLoaded(path);
                }
            }
            uint version = NativeMethods.AbiVersion();
            return version == AbiVersion ? null : Messages.AbiMismatch(path, version, AbiVersion);
        }
        catch (Exception fault) when (
            fault is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return NotLoaded(path, File.Exists(path) ? Reason(fault, path) : Messages.FileMissing);
        }
    }

    private static string NotLoaded(string path, string why) => Messages.LibraryNotLoaded(
        path, why, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? Environment.OSVersion.Version : null);

    /// <summary>Of the runtime's many lines about all it has tried, the one about our file.</summary>
    private static string Reason(Exception fault, string path)
    {
        string[] lines = fault.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string line = lines.FirstOrDefault(text => text.StartsWith(path, StringComparison.Ordinal)) ?? lines[0];
        return line.StartsWith(path, StringComparison.Ordinal) ? line.Substring(path.Length).TrimStart(':', ' ') : line;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [DllImport("kernel32", ExactSpelling = true, CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern IntPtr LoadLibraryExW(string path, IntPtr reserved, uint flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [DllImport("kernel32", ExactSpelling = true, CharSet = CharSet.Unicode)]
    private static extern IntPtr GetModuleHandleW(string name);
}
