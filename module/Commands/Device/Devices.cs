using System.Collections.Generic;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Devices, as the commands that read and change them describe them.</summary>
internal static class Devices
{
    private const string Type = "DattoRMM.Device";

    /// <summary>Those of the account, or those that a filter picks out of them.</summary>
    /// <param name="filterId">The number of the filter, or null for none.</param>
    /// <param name="typedUdf">Whether user-defined fields come with their types, which is what v3 is about.</param>
    internal static Call OfAccount(string? filterId, bool typedUdf = false) =>
        Call.Pages(Type, "devices", Version(typedUdf) + "/account/devices").Query("filterId", filterId);

    /// <summary>Those of a site, or those that a filter picks out of them.</summary>
    internal static Call OfSite(string siteUid, string? filterId, bool typedUdf = false) =>
        Call.Pages(Type, "devices", Version(typedUdf) + "/site/{}/devices", siteUid)
            .Query("filterId", filterId)
            .For(siteUid);

    /// <summary>The device with a uid.</summary>
    internal static Call One(string uid) => By("device/{}", uid, typedUdf: false);

    /// <summary>The device, or the devices, that a path below the version finds.</summary>
    internal static Call By(string path, string value, bool typedUdf) =>
        Call.Get(Type, Version(typedUdf) + "/" + path, value).For(value);

    /// <summary>Moves a device to another site.</summary>
    internal static Call Move(string uid, string siteUid) =>
        Call.Put(null, "v2/device/{}/site/{}", uid, siteUid)
            .For(uid, Messages.Device(uid), Messages.MoveTo(siteUid));

    /// <summary>Sets the day on which a device's warranty ends, or clears it if that is null.</summary>
    internal static Call SetWarranty(string uid, string? day) =>
        Call.Post(null, "v2/device/{}/warranty", uid)
            .Body(new Dictionary<string, object?> { ["warrantyDate"] = day })
            .For(uid, Messages.Device(uid), day == null ? Messages.ClearWarranty : Messages.SetWarranty(day));

    /// <summary>Sets user-defined fields, as texts or, in v3, each as what it is.</summary>
    internal static Call SetUdf(string uid, UdfValues values, bool typed) =>
        Call.Post(null, Version(typed) + "/device/{}/udf", uid)
            .Body(typed ? values.ToTyped() : values.ToTexts())
            .For(uid, Messages.Device(uid), Messages.SetUdfs(values.Set, values.Deleted));

    private static string Version(bool typedUdf) => typedUdf ? "v3" : "v2";
}
