using System.Collections.Generic;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The settings of sites, as the commands that read and change them describe them.</summary>
internal static class SiteSettings
{
    private const string Type = "DattoRMM.SiteSetting";
    private const string Proxy = "v2/site/{}/settings/proxy";

    /// <summary>Those of a site.</summary>
    internal static Call Of(string siteUid) => Call.Get(Type, "v2/site/{}/settings", siteUid).For(siteUid);

    /// <summary>Sets the proxy that a site's devices use; gives the settings.</summary>
    internal static Call SetProxy(string siteUid, Dictionary<string, object?> proxy) =>
        Call.Post(Type, Proxy, siteUid).Body(proxy).For(siteUid, Messages.Site(siteUid), Messages.SetProxy);

    /// <summary>Removes it.</summary>
    internal static Call RemoveProxy(string siteUid) =>
        Call.Delete(Type, Proxy, siteUid).For(siteUid, Messages.Site(siteUid), Messages.RemoveProxy);
}
