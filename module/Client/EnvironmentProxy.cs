using System;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;

namespace DattoRMM.Client;

/// <summary>
/// Which proxy the session's environment, and on Windows the system, names for a URL. It is read here and not by the
/// library, because what a script sets in <c>$env:</c> is, outside of Windows, known to .NET only.
/// </summary>
internal static class EnvironmentProxy
{
    private static readonly char[] s_separators = { ',', ' ' };

    /// <summary>The proxy's address as it is written there, or an empty string for none.</summary>
    /// <param name="url">Where requests go; nobody on this machine is reached through a proxy.</param>
    internal static string For(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? target) || target.IsLoopback || IsExcepted(target.Host))
        {
            return "";
        }
        // HTTP_PROXY is for http only, as it is for curl and .NET.
        string? named = Variable("https_proxy") ?? Variable("all_proxy");
        return named == null ? OfWindows(target) : named.Contains("://") ? named : "http://" + named;
    }

    /// <summary>A proxy's address in the form that the library takes.</summary>
    internal static string Address(Uri proxy) => proxy.GetComponents(
        UriComponents.SchemeAndServer | UriComponents.UserInfo, UriFormat.UriEscaped);

    /// <summary>
    /// Whether <c>NO_PROXY</c> names the host: by its name, by a suffix with its dot, or by <c>*</c> for all.
    /// </summary>
    private static bool IsExcepted(string host) =>
        (Variable("no_proxy") ?? "").Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Any(entry =>
            entry == "*"
            || string.Equals(entry.TrimStart('.'), host, StringComparison.OrdinalIgnoreCase)
            || (entry[0] == '.' && host.EndsWith(entry, StringComparison.OrdinalIgnoreCase)));

    private static string OfWindows(Uri target)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            || WebRequest.DefaultWebProxy is not { } system
            || system.IsBypassed(target))
        {
            return "";
        }
        Uri? proxy = system.GetProxy(target);
        return proxy == null || proxy == target ? "" : Address(proxy);
    }

    /// <summary>The variable of this name, or of the same in capitals; null if neither says anything.</summary>
    private static string? Variable(string name) =>
        new[] { name, name.ToUpperInvariant() }
            .Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))
            ?.Trim();
}
