using System.Collections.Generic;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Variables, as the commands that read and change them describe them. Where a site's uid is due, null stands for the
/// account.
/// </summary>
internal static class Variables
{
    private const string Type = "DattoRMM.Variable";
    private const string Items = "variables";

    /// <summary>Those of a site, or of the account.</summary>
    internal static Call Of(string? siteUid) =>
        siteUid == null
            ? Call.Pages(Type, Items, "v2/account/variables")
            : Call.Pages(Type, Items, "v2/site/{}/variables", siteUid).For(siteUid);

    /// <summary>Creates one.</summary>
    /// <exception cref="DrmmException">There is no value.</exception>
    internal static Call Create(string? siteUid, string name, string? value, bool masked) =>
        (siteUid == null ? Call.Put(Type, "v2/account/variable") : Call.Put(Type, "v2/site/{}/variable", siteUid))
            .Body(new Dictionary<string, object?>
            {
                ["name"] = name,
                ["value"] = Told(value),
                ["masked"] = masked,
            })
            .For(name, Messages.Variable(name, siteUid), Messages.CreateVariable);

    /// <summary>Gives the one with this number a name and a value.</summary>
    /// <exception cref="DrmmException">There is no value.</exception>
    internal static Call Update(string? siteUid, string id, string name, string? value) =>
        (siteUid == null
            ? Call.Post(Type, "v2/account/variable/{}", id)
            : Call.Post(Type, "v2/site/{}/variable/{}", siteUid, id))
            .Body(new Dictionary<string, object?> { ["name"] = name, ["value"] = Told(value) })
            .For(id, Messages.Variable(name, siteUid), Messages.ChangeVariable);

    /// <summary>Removes the one with this number.</summary>
    internal static Call Delete(string? siteUid, string id, string? name = null) =>
        (siteUid == null
            ? Call.Delete(Type, "v2/account/variable/{}", id)
            : Call.Delete(Type, "v2/site/{}/variable/{}", siteUid, id))
            .For(id, Messages.Variable(name ?? id, siteUid), Messages.RemoveVariable);

    /// <summary>A value may be empty, but it must be given.</summary>
    private static string Told(string? value) =>
        value ?? throw new DrmmException(ErrorKind.InvalidArgument, Messages.Empty("Value"));
}
