using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Sets the proxy in the settings of sites.</summary>
/// <remarks>
/// <para>
/// The devices of these sites then reach the service through that proxy. What was set before is replaced, name and
/// password of the login too. These are given by -ProxyCredential, or by -ProxyUsername and -ProxyPassword, which is
/// text or a secure string. The password is in no message and in nothing that comes out.
/// </para>
/// <para>What comes out is the settings of the site; those of sites from the pipeline say theirs in siteUid.</para>
/// </remarks>
/// <example>
/// <code>Set-DrmmSiteProxy -SiteUid $siteUid -ProxyHost proxy.example -ProxyPort 3128 -ProxyType http</code>
/// <para>Sets a proxy that takes everybody.</para>
/// </example>
/// <example>
/// <code>Set-DrmmSiteProxy $siteUid proxy.example 1080 socks5 -ProxyCredential $credential</code>
/// <para>Sets a proxy that wants a login.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'A*' | Set-DrmmSiteProxy -ProxyHost proxy.example -ProxyPort 3128 -ProxyType http</code>
/// <para>Sets it for several sites.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmSiteProxy", SupportsShouldProcess = true, DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.SiteSetting")]
public sealed class SetDrmmSiteProxyCommand : DrmmPipelineCommand, IProxyParameters
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the sites.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site, Own = true)]
    public string?[]? SiteUid { get; set; }

    /// <summary>The name or the address of the proxy.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UidSet)]
    [Parameter(Mandatory = true, ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? ProxyHost { get; set; }

    /// <summary>Its port.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = UidSet)]
    [Parameter(Mandatory = true, ParameterSetName = InputSet)]
    [ValidateRange(1, 65535)]
    public int ProxyPort { get; set; }

    /// <summary>What it speaks.</summary>
    [Parameter(Mandatory = true, Position = 3, ParameterSetName = UidSet)]
    [Parameter(Mandatory = true, ParameterSetName = InputSet)]
    [ValidateSet("http", "socks4", "socks5")]
    [Text]
    public string? ProxyType { get; set; }

    /// <summary>The name to log in with, if the proxy wants one.</summary>
    [Parameter(Position = 4, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [Text]
    public string? ProxyUsername { get; set; }

    /// <summary>The password to log in with, as text or as a secure string.</summary>
    [Parameter(Position = 5, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [Secret]
    public string? ProxyPassword { get; set; }

    /// <summary>Name and password, in place of -ProxyUsername and -ProxyPassword.</summary>
    [Parameter]
    [ValidateNotNull]
    [KeyCredential]
    public PSCredential? ProxyCredential { get; set; }

    private protected override Noun Noun => Noun.Site;

    private protected override IEnumerable<Call> DescribeInput(Input input)
    {
        string siteUid = input.OwnUid(Noun.Site);
        return [SiteSettings.SetProxy(siteUid, Proxy()).With("siteUid", siteUid)];
    }

    private protected override IEnumerable<Call> DescribeScope()
    {
        Dictionary<string, object?> proxy = Proxy();
        return Each(nameof(SiteUid), SiteUid, uid => SiteSettings.SetProxy(uid, proxy));
    }

    private Dictionary<string, object?> Proxy()
    {
        Required(nameof(ProxyHost), ProxyHost);
        return Given(ProxyFields.Of(this));
    }
}
