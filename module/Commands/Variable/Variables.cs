using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
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

    /// <summary>Finds a variable among all of the account or of a site.</summary>
    /// <exception cref="DrmmException">It is not there.</exception>
    internal delegate PSObject Find(IReadOnlyList<PSObject> all);

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

    /// <summary>The one with this name; upper and lower case decide only where there are several.</summary>
    /// <exception cref="DrmmException">There is none, or it cannot be told which.</exception>
    internal static PSObject Named(IReadOnlyList<PSObject> all, string? siteUid, string name)
    {
        PSObject[] found = [.. all.Where(NamePattern.Equal("name", name))];
        PSObject[] exact = [.. found.Where(variable => NameOf(variable) == name)];
        return found.Length switch
        {
            0 => throw new DrmmException(ErrorKind.NotFound, Messages.NoVariable(name, siteUid)),
            1 => found[0],
            _ when exact.Length == 1 => exact[0],
            _ => throw new DrmmException(ErrorKind.InvalidArgument, Messages.SeveralVariables(name)),
        };
    }

    /// <summary>The one with this number.</summary>
    /// <exception cref="DrmmException">There is none.</exception>
    internal static PSObject Numbered(IReadOnlyList<PSObject> all, string? siteUid, string id) =>
        all.FirstOrDefault(NamePattern.Equal("id", id))
            ?? throw new DrmmException(ErrorKind.NotFound, Messages.NoVariable(id, siteUid));

    /// <summary>The number of a variable.</summary>
    internal static string IdOf(PSObject variable) => Input.Of(variable, Noun.Variable).Uid(Noun.Variable);

    /// <summary>The name of a variable, or null if it does not say.</summary>
    internal static string? NameOf(PSObject? variable) =>
        variable?.Properties["name"]?.Value is string { Length: > 0 } name ? name : null;

    /// <summary>The value of a variable.</summary>
    /// <exception cref="DrmmException">It is masked.</exception>
    internal static string ValueOf(PSObject variable) =>
        LanguagePrimitives.IsTrue(variable.Properties["masked"]?.Value)
            ? throw new DrmmException(ErrorKind.InvalidArgument, Messages.MaskedValue)
            : LanguagePrimitives.ConvertTo<string>(variable.Properties["value"]?.Value) ?? "";

    /// <summary>A value may be empty, but it must be given.</summary>
    /// <exception cref="DrmmException">It is null.</exception>
    internal static string Told(string? value) =>
        value ?? throw new DrmmException(ErrorKind.InvalidArgument, Messages.Empty("Value"));
}
