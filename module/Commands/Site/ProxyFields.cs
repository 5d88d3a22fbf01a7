using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The parameters that describe a proxy.</summary>
internal interface IProxyParameters
{
    string? ProxyHost { get; }

    int ProxyPort { get; }

    string? ProxyType { get; }

    string? ProxyUsername { get; }

    string? ProxyPassword { get; }

    PSCredential? ProxyCredential { get; }
}

/// <summary>The fields of a proxy as the API takes it, each with the parameter that it comes from.</summary>
internal static class ProxyFields
{
    /// <exception cref="DrmmException">Its login is given twice.</exception>
    internal static (string Parameter, string Field, object? Value)[] Of(IProxyParameters given)
    {
        if (given is { ProxyCredential: not null } and ({ ProxyUsername: not null } or { ProxyPassword: not null }))
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.TwoLogins);
        }
        List<(string Parameter, string Field, object? Value)> fields =
        [
            (nameof(given.ProxyHost), "host", given.ProxyHost),
            (nameof(given.ProxyPort), "port", given.ProxyPort),
            (nameof(given.ProxyType), "type", given.ProxyType?.ToLowerInvariant()),
            (nameof(given.ProxyUsername), "username", given.ProxyUsername),
            (nameof(given.ProxyPassword), "password", given.ProxyPassword),
        ];
        if (given.ProxyCredential is { } login)
        {
            fields.Add((nameof(given.ProxyCredential), "username", login.UserName));
            fields.Add((nameof(given.ProxyCredential), "password", login.GetNetworkCredential().Password));
        }
        return fields.ToArray();
    }
}
