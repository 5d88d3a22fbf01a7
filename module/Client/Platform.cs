using System;
using System.Collections.Generic;
using System.Linq;

namespace DattoRMM.Client;

/// <summary>The platforms that Datto runs, and their origins.</summary>
internal static class Platform
{
    private const string HostEnd = "-api.centrastage.net";

    /// <summary>In alphabetical order.</summary>
    internal static readonly IReadOnlyList<string> Names =
        new[] { "concord", "merlot", "pinotage", "syrah", "vidal", "zinfandel" };

    /// <summary>The origins of all platforms, in the order of <see cref="Names"/>.</summary>
    internal static IEnumerable<string> Urls => Names.Select(Url);

    /// <summary>The origin of the platform of that name, in whatever case.</summary>
    /// <exception cref="DrmmException">There is no such platform.</exception>
    internal static string UrlOf(string name) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? Url(name.ToLowerInvariant())
            : throw new DrmmException(ErrorKind.InvalidArgument, Messages.UnknownPlatform(name)) { Target = name };

    /// <summary>Whether a URL leads to one of the platforms, and nowhere else.</summary>
    internal static bool Owns(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed)
        && parsed.Scheme == Uri.UriSchemeHttps
        && parsed.IsDefaultPort
        && parsed.UserInfo.Length == 0
        && Names.Any(name => string.Equals(parsed.Host, name + HostEnd, StringComparison.OrdinalIgnoreCase));

    private static string Url(string name) => "https://" + name + HostEnd;
}
