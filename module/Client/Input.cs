using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Objects;

namespace DattoRMM.Client;

/// <summary>What an object is, as far as commands tell apart.</summary>
internal enum Noun
{
    Site,
    Device,
    Alert,
    Job,
    Variable,
}

/// <summary>
/// Something piped in, or given where a uid is due: the only place that knows how a uid is found in it. Sites and
/// devices both have <c>uid</c>, so its type name decides; without one only properties that say what they are count.
/// </summary>
internal sealed class Input
{
    /// <summary>Ends the type name of an object that has a few chosen properties only.</summary>
    internal const string ProjectedSuffix = ".Projected";

    /// <summary>Decides what can be asked about a device.</summary>
    internal const string DeviceClass = "deviceClass";

    /// <summary>Begins the type names of the module.</summary>
    internal const string TypePrefix = "DattoRMM.";

    private static readonly Noun[] s_nouns = (Noun[])Enum.GetValues(typeof(Noun));
    private static readonly string[] s_wrappers = { "Selected.", "Deserialized.", "CSV:" };

    /// <summary>What the module's own types are, and where their uid stands.</summary>
    private static readonly Dictionary<string, Kind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Site"] = new(Noun.Site, "uid"),
        ["SiteMapping"] = new(Noun.Site, "uid"),
        ["Device"] = new(Noun.Device, "uid") { Parents = [Noun.Site], Traits = [DeviceClass] },
        ["DeviceNetworkInterface"] = new(Noun.Device, "uid"),
        ["Alert"] = new(Noun.Alert, "alertUid") { Parents = [Noun.Device, Noun.Site] },
        ["Job"] = new(Noun.Job, "uid"),
        ["QuickJob"] = new(Noun.Job, "job", "uid"),
        ["JobResult"] = new(Noun.Job, "jobUid"),
        ["JobOutput"] = new(Noun.Job, "jobUid"),
        ["Variable"] = new(Noun.Variable, "id"),
    };

    private readonly object? _source;
    private readonly PSObject? _object;
    private readonly string? _text;
    private readonly Kind? _kind;

    private Input(object? source, Noun own)
    {
        _source = source;
        object? plain = source is PSObject wrapper ? wrapper.BaseObject : source;
        if (plain is IDictionary table && s_nouns.Any(noun => table.Contains(UidName(noun))))
        {
            _object = ToObject(table);
        }
        else if (plain is null or PSCustomObject)
        {
            _object = source as PSObject;
        }
        else
        {
            _object = PSObject.AsPSObject(source);
            _text = Text(plain, own);
        }
        _kind = _object == null ? null : KindOf(_object);
        Noun = Decide(own);
    }

    /// <summary>What it stands for.</summary>
    internal Noun Noun { get; }

    /// <summary>Reads an object piped into a command about <paramref name="own"/>; plain text is its uid.</summary>
    /// <exception cref="DrmmException">It is null, or nothing that this command can take.</exception>
    internal static Input Of(object? source, Noun own) => new(source, own);

    /// <summary>The uid of what the object is, or belongs to; of a variable its number.</summary>
    /// <exception cref="DrmmException">It has none.</exception>
    internal string Uid(Noun wanted) => Find(wanted) ?? throw Refuse(Messages.InputWithoutUid(Noun, wanted));

    /// <summary>
    /// The uid, if the object itself is of this kind, and not only belongs to one: for changes, which should not reach
    /// from a device to its whole site.
    /// </summary>
    /// <exception cref="DrmmException">It is of another kind, or has no uid.</exception>
    internal string OwnUid(Noun wanted) =>
        Noun == wanted ? Uid(wanted) : throw Refuse(Messages.OtherKind(Noun, wanted));

    /// <summary>As <see cref="Uid"/>, but null if it does not say.</summary>
    internal string? Find(Noun wanted)
    {
        string? uid = _text != null
            ? (wanted == Noun ? _text : null)
            : Read(Path(wanted), wanted);
        return string.IsNullOrWhiteSpace(uid) ? null : uid;
    }

    /// <summary>Whether it has a field for the uid of what it belongs to, whatever stands in it.</summary>
    internal bool Mentions(Noun wanted) => _text == null && Has(Path(wanted)[0]);

    private Noun Decide(Noun own)
    {
        if (_object == null)
        {
            throw Refuse(Messages.InputNull(own));
        }
        if (_text != null)
        {
            return string.IsNullOrWhiteSpace(_text) ? throw Refuse(Messages.InputNull(own)) : own;
        }
        if (_kind != null)
        {
            return _kind.Noun;
        }
        if (own == Noun.Site && Has("uid") && Has(UidName(Noun.Site)))
        {
            // No site has both: it is something in a site, a device that has lost its type in a file.
            return Noun.Device;
        }
        // A uid of its own and no type: it may be a site as well as a device, so it does not speak for a site.
        bool ambiguous = own != Noun.Site && Has("uid");
        // What is in a site says its uid too, and is no site for that.
        Noun[] order = own == Noun.Site
            ? new[] { Noun.Device, Noun.Alert, Noun.Site }
            : new[] { own, Noun.Device, Noun.Alert, Noun.Site };
        foreach (Noun noun in order)
        {
            if (Has(UidName(noun)) && !(noun == Noun.Site && ambiguous))
            {
                return noun;
            }
        }
        throw Refuse(Messages.InputUnknown(own));
    }

    /// <summary>Where the uid of <paramref name="wanted"/> stands in this object, if anywhere.</summary>
    private string[] Path(Noun wanted) => Path(_kind, wanted);

    private static string[] Path(Kind? kind, Noun wanted) => kind switch
    {
        not null when kind.Noun == wanted => kind.Path,
        { Noun: Noun.Alert } => new[] { "alertSourceInfo", UidName(wanted) },
        _ => new[] { UidName(wanted) },
    };

    private string? Read(string[] path, Noun wanted)
    {
        object? value = _object;
        foreach (string name in path)
        {
            value = value == null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        }
        value ??= HiddenFields.Read(_object!, Flat(path));
        return value == null ? null : Text(value, wanted);
    }

    /// <summary>The text of a uid. Whatever else would become a text too, and go out as a uid that nobody meant.</summary>
    private string Text(object value, Noun wanted)
    {
        object plain = value is PSObject wrapper ? wrapper.BaseObject : value;
        return plain switch
        {
            string text => text,
            Guid or sbyte or byte or short or ushort or int or uint or long or ulong =>
                ((IFormattable)plain).ToString(null, CultureInfo.InvariantCulture),
            _ => throw Refuse(Messages.NotAUid(plain.GetType(), wanted)),
        };
    }

    private bool Has(string name) => HiddenFields.Has(_object!, name);

    /// <summary>A path as the name of a field that was asked for.</summary>
    private static string Flat(string[] path) => string.Join(".", path);

    private DrmmException Refuse(string message) =>
        new(ErrorKind.InvalidArgument, message) { Target = _source };

    /// <summary>The fields of objects of a type that say what they are and what they belong to.</summary>
    internal static IEnumerable<string> KeyFields(string? type)
    {
        if (type == null || !s_kinds.TryGetValue(type.Substring(TypePrefix.Length), out Kind? kind))
        {
            return [];
        }
        return [.. kind.Parents.Prepend(kind.Noun).Select(noun => Flat(Path(kind, noun))), .. kind.Traits];
    }

    /// <summary>All names that say, in an object of some type or of none, what it is and what it belongs to.</summary>
    internal static IEnumerable<string> KeyNames() =>
        s_kinds.Keys.SelectMany(kind => KeyFields(TypePrefix + kind)).Concat(s_nouns.Select(UidName)).Append("uid");

    /// <summary>The property that says which one is meant, where an object's type does not.</summary>
    internal static string UidName(Noun noun) =>
        noun == Noun.Variable ? "variableId" : noun.ToString().ToLowerInvariant() + "Uid";

    private static PSObject ToObject(IDictionary table)
    {
        PSObject result = new();
        foreach (string name in s_nouns.Select(UidName).Append("uid"))
        {
            if (table.Contains(name))
            {
                result.Properties.Add(new PSNoteProperty(name, table[name]));
            }
        }
        return result;
    }

    /// <summary>
    /// What an object of the module is, such as Device, whatever has been chosen of it and wherever it has been; null
    /// if it is none.
    /// </summary>
    internal static string? TypeOf(PSObject value) => value.TypeNames.Select(OwnName).FirstOrDefault(name => name != null);

    private static Kind? KindOf(PSObject value) => value.TypeNames
        .Select(type => OwnName(type) is { } name && s_kinds.TryGetValue(name, out Kind? kind) ? kind : null)
        .FirstOrDefault(kind => kind != null);

    /// <summary>A type name of the module without what stands around it.</summary>
    private static string? OwnName(string type)
    {
        string name = type;
        while (s_wrappers.FirstOrDefault(wrapper => name.StartsWith(wrapper, StringComparison.OrdinalIgnoreCase))
            is { } wrapper)
        {
            name = name.Substring(wrapper.Length);
        }
        if (name.EndsWith(ProjectedSuffix, StringComparison.OrdinalIgnoreCase))
        {
            name = name.Substring(0, name.Length - ProjectedSuffix.Length);
        }
        return name.StartsWith(TypePrefix, StringComparison.OrdinalIgnoreCase)
            ? name.Substring(TypePrefix.Length)
            : null;
    }

    private sealed class Kind
    {
        internal Kind(Noun noun, params string[] path)
        {
            Noun = noun;
            Path = path;
        }

        internal Noun Noun { get; }

        internal string[] Path { get; }

        /// <summary>What else such an object speaks for.</summary>
        internal Noun[] Parents { get; set; } = [];

        /// <summary>Fields that commands look at in such an object, beside uids.</summary>
        internal string[] Traits { get; set; } = [];
    }
}
