using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Makes a site in the account.</summary>
/// <remarks>
/// <para>
/// Only what is named is sent; the service decides about the rest. A switch says what it is given: -OnDemand:$false
/// asks for a site of managed devices. A proxy needs -ProxyHost, -ProxyPort and -ProxyType, and may have a login by
/// -ProxyCredential, or by -ProxyUsername and -ProxyPassword.
/// </para>
/// <para>
/// What comes out is the new site, with its uid. A name that another site has is not refused here; what the service
/// does about it is its own affair.
/// </para>
/// </remarks>
/// <example>
/// <code>New-DrmmSite -SiteName 'Example Sons' -SiteDescription 'Head office'</code>
/// <para>Makes a site and gives it.</para>
/// </example>
/// <example>
/// <code>New-DrmmSite 'Example West' -ProxyHost proxy.example -ProxyPort 3128 -ProxyType http -WhatIf</code>
/// <para>Shows that a site with a proxy would be made; nothing is sent.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "DrmmSite", SupportsShouldProcess = true)]
[OutputType("DattoRMM.Site")]
public sealed class NewDrmmSiteCommand : DrmmCommand, IProxyParameters
{
    /// <summary>The name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Alias("Name")]
    [Text]
    public string? SiteName { get; set; }

    /// <summary>The description.</summary>
    [Parameter(Position = 1)]
    [Alias("Description")]
    [Text]
    public string? SiteDescription { get; set; }

    /// <summary>Notes.</summary>
    [Parameter(Position = 2)]
    [Alias("Notes")]
    [Text]
    public string? SiteNotes { get; set; }

    /// <summary>Its devices are on demand, not managed.</summary>
    [Parameter]
    public SwitchParameter OnDemand { get; set; }

    /// <summary>Splashtop is installed on its devices by itself.</summary>
    [Parameter]
    public SwitchParameter SplashtopAutoInstall { get; set; }

    /// <summary>The name or the address of the proxy that its devices use.</summary>
    [Parameter]
    [Text]
    public string? ProxyHost { get; set; }

    /// <summary>The proxy's port.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int ProxyPort { get; set; }

    /// <summary>What the proxy speaks.</summary>
    [Parameter]
    [ValidateSet("http", "socks4", "socks5")]
    [Text]
    public string? ProxyType { get; set; }

    /// <summary>The name to log in with at the proxy, if it wants one.</summary>
    [Parameter]
    [Text]
    public string? ProxyUsername { get; set; }

    /// <summary>The password to log in with at the proxy, as text or as a secure string.</summary>
    [Parameter]
    [Secret]
    public string? ProxyPassword { get; set; }

    /// <summary>Name and password, in place of -ProxyUsername and -ProxyPassword.</summary>
    [Parameter]
    [ValidateNotNull]
    [KeyCredential]
    public PSCredential? ProxyCredential { get; set; }

    /// <inheritdoc/>
    protected override Call Describe()
    {
        string name = Required(nameof(SiteName), SiteName);
        Dictionary<string, object?> site = Given(
            (nameof(SiteName), "name", name),
            (nameof(SiteDescription), "description", SiteDescription),
            (nameof(SiteNotes), "notes", SiteNotes),
            (nameof(OnDemand), "onDemand", OnDemand),
            (nameof(SplashtopAutoInstall), "splashtopAutoInstall", SplashtopAutoInstall));
        Dictionary<string, object?> proxy = Given(ProxyFields.Of(this));
        if (proxy.Count > 0)
        {
            site["proxySettings"] = IsComplete(proxy)
                ? proxy
                : throw new DrmmException(ErrorKind.InvalidArgument, Messages.ProxyIncomplete);
        }
        return Sites.Create(name, site);
    }

    private bool IsComplete(Dictionary<string, object?> proxy) =>
        !string.IsNullOrWhiteSpace(ProxyHost) && new[] { "host", "port", "type" }.All(proxy.ContainsKey);
}
