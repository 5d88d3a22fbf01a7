using System.Collections;
using System.Management.Automation.Language;

namespace DattoRMM.Tests.Fixtures;

/// <summary>A module's manifest, read without running it.</summary>
public sealed class Manifest
{
    private readonly Hashtable _values;

    private Manifest(Hashtable values) => _values = values;

    /// <summary>Reads a file.</summary>
    public static Manifest Read(string path)
    {
        ScriptBlockAst script = Parser.ParseFile(path, out _, out ParseError[] errors);
        if (errors.Length > 0)
        {
            throw new InvalidOperationException($"{path}: {errors[0]}");
        }
        Ast manifest = script.Find(node => node is HashtableAst, searchNestedScriptBlocks: false);
        return new Manifest((Hashtable)manifest.SafeGetValue());
    }

    /// <summary>One of its values.</summary>
    public string Text(string name) => (string)_values[name]!;

    /// <summary>One of its lists, which may be one text.</summary>
    public string[] List(string name) => Several(_values, name);

    /// <summary>One of the values for galleries.</summary>
    public string About(string name) => (string)ForGalleries()[name]!;

    /// <summary>One of the lists for galleries.</summary>
    public string[] AboutList(string name) => Several(ForGalleries(), name);

    private Hashtable ForGalleries() => (Hashtable)((Hashtable)_values["PrivateData"]!)["PSData"]!;

    private static string[] Several(Hashtable values, string name) => values[name] switch
    {
        string one => [one],
        object[] several => [.. several.Cast<string>()],
        _ => throw new InvalidOperationException($"the manifest has no {name}"),
    };
}
