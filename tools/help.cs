#!/usr/bin/env dotnet
// Makes the file that Get-Help reads, beside the module's assembly:
//
//     dotnet run tools/help.cs -- module/bin/Release/netstandard2.0/DattoRMM.dll
//
// What a command does is in the doc comments of its class and its parameters, and nowhere else: the summary is the
// synopsis, the remarks are the description, and each example has its code and its remarks. What it takes and gives is
// asked of the engine.
#:package System.Management.Automation@7.6.9
#:property PublishAot=false
#:property TreatWarningsAsErrors=true

using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.PowerShell;

if (args is not [string assembly])
{
    Console.Error.WriteLine("help.cs: give the module's assembly; its documentation file (.xml) is beside it");
    return 64;
}
Documentation documentation = Documentation.Read(Path.ChangeExtension(assembly, ".xml"));
Command[] commands = [.. Assembly.LoadFrom(Path.GetFullPath(assembly)).GetExportedTypes()
    .Where(type => type.IsDefined(typeof(CmdletAttribute)))
    .Select(type => new Command(type, documentation))
    .OrderBy(command => command.Name, StringComparer.Ordinal)];
Maml.Write(commands, assembly + "-Help.xml");
string[] complaints = [.. commands.SelectMany(command => command.Complaints())];
foreach (string complaint in complaints)
{
    Console.Error.WriteLine($"help.cs: {complaint}");
}
return complaints.Length == 0 ? 0 : 1;

/// <summary>The doc comments of an assembly, as the compiler has written them down.</summary>
internal sealed class Documentation
{
    private readonly Dictionary<string, XElement> _members;

    private Documentation(Dictionary<string, XElement> members) => _members = members;

    public static Documentation Read(string path) => new(
        XDocument.Load(path, LoadOptions.PreserveWhitespace).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value));

    public XElement? Of(Type type) => _members.GetValueOrDefault("T:" + type.FullName);

    /// <summary>A property or a field, which may be that of a base class.</summary>
    public XElement? Of(MemberInfo member)
    {
        string kind = member is FieldInfo ? "F" : "P";
        return _members.GetValueOrDefault($"{kind}:{member.DeclaringType!.FullName}.{member.Name}");
    }
}

/// <summary>A part of a doc comment as plain paragraphs.</summary>
internal sealed class Prose
{
    private readonly List<string> _paragraphs = [];
    private readonly StringBuilder _text = new();

    private Prose(IEnumerable<XNode> nodes)
    {
        AddAll(nodes);
        End();
    }

    public static IReadOnlyList<string> Of(params IEnumerable<XElement?> parts) =>
        new Prose(parts.OfType<XElement>().SelectMany(part => part.Nodes()))._paragraphs;

    /// <summary>Lines as they stand, without the margin that all of them have.</summary>
    public static string Code(XElement? code)
    {
        string[] lines = (code?.Value ?? "").Trim('\r', '\n', ' ').Split('\n');
        int margin = lines.Skip(1)
            .Where(line => line.Trim().Length > 0)
            .Select(line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty()
            .Min();
        return string.Join('\n', lines.Select((line, number) =>
            (number == 0 ? line : line[Math.Min(margin, line.Length)..]).TrimEnd()));
    }

    private void AddAll(IEnumerable<XNode> nodes)
    {
        foreach (XNode node in nodes)
        {
            Add(node);
        }
    }

    private void Add(XNode node)
    {
        switch (node, (node as XElement)?.Name.LocalName)
        {
            case (XText text, _):
                _text.Append(text.Value);
                break;
            case (XElement element, "para" or "item"):
                End();
                _text.Append(element.Name == "item" ? "- " : "");
                AddAll(element.Nodes());
                End();
                break;
            case (XElement list, "list"):
                AddAll(list.Elements("item"));
                break;
            case (XElement term, "term"):
                AddAll(term.Nodes());
                _text.Append(": ");
                break;
            case (XElement block, "code"):
                End();
                _paragraphs.Add(Code(block));
                break;
            case (XElement element, "c" or "description"):
                AddAll(element.Nodes());
                break;
            case (XElement reference, "see" or "paramref"):
                _text.Append(Name(reference));
                break;
            case (XElement other, _):
                throw new XmlException($"<{other.Name}> has no place in the help: {other.Parent}");
        }
    }

    private void End()
    {
        string text = string.Join(' ', _text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.Length > 0)
        {
            _paragraphs.Add(text);
        }
        _text.Clear();
    }

    /// <summary>What a reader knows it by: a command's name, a parameter's with its dash, or a plain word.</summary>
    private static string Name(XElement reference)
    {
        if (reference.Attribute("cref")?.Value is not { } id)
        {
            return reference.Attribute("langword")?.Value
                ?? reference.Attribute("name")?.Value
                ?? reference.Attribute("href")!.Value;
        }
        string[] path = id[2..].Split('(')[0].Split('.');
        return id[0] switch
        {
            'T' when Command.NameOf(path[^1]) is { } command => command,
            'P' when Command.NameOf(path[^2]) is not null => "-" + path[^1],
            _ => path[^1],
        };
    }
}

/// <summary>A command: what the engine knows of it, and what its author wrote.</summary>
internal sealed class Command
{
    private const string ClassSuffix = "Command";

    private static readonly Dictionary<string, string> s_ownWords = new()
    {
        ["WhatIf"] = "Says what would be done, and changes nothing.",
        ["Confirm"] = "Asks before each change.",
    };

    // Whoever refers to a command before it is read would not find it, so the names come from the classes.
    private static Dictionary<string, string>? s_names;

    private readonly object _instance;
    private readonly Documentation _documentation;
    private readonly XElement? _comment;

    public Command(Type type, Documentation documentation)
    {
        s_names ??= type.Assembly.GetExportedTypes()
            .Where(one => one.IsDefined(typeof(CmdletAttribute)))
            .ToDictionary(one => one.Name, FullName);
        Info = new CmdletInfo(FullName(type), type);
        _instance = Activator.CreateInstance(type)!;
        _documentation = documentation;
        _comment = documentation.Of(type);
        Parameters = [.. type.GetProperties()
            .Select(property => property.Name)
            .Concat(Cmdlet.OptionalCommonParameters)
            .Select(name => Parameter.Of(this, name))
            .OfType<Parameter>()];
        Examples = [.. (_comment?.Elements("example") ?? [])
            .Select(example => new Example(Prose.Code(example.Element("code")), Prose.Of(example.Elements("para"))))];
    }

    public CmdletInfo Info { get; }

    public string Name => Info.Name;

    public IReadOnlyList<string> Synopsis => Prose.Of(_comment?.Element("summary"));

    public IReadOnlyList<string> Description => Prose.Of(_comment?.Element("remarks"));

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<Example> Examples { get; }

    /// <summary>Commands and pages that its author points to.</summary>
    public IEnumerable<string> Links => (_comment?.Elements("seealso") ?? [])
        .Select(link => Prose.Of(new XElement("links", new XElement("see", link.Attributes()))).Single());

    /// <summary>The name of the command that a class makes, or null for any other class.</summary>
    public static string? NameOf(string type) => s_names!.GetValueOrDefault(type);

    /// <summary>What a parameter starts with; null where that says nothing.</summary>
    public object? Default(PropertyInfo property) => property.GetValue(_instance);

    /// <summary>What is said of a parameter where it is declared.</summary>
    public IReadOnlyList<string> Describe(string parameter) =>
        s_ownWords.TryGetValue(parameter, out string? words)
            ? [words]
            : Describe(Info.ImplementingType.GetProperty(parameter)!);

    /// <summary>What is said of a property or a field where it is declared.</summary>
    public IReadOnlyList<string> Describe(MemberInfo member) =>
        Prose.Of(_documentation.Of(member)?.Element("summary"));

    /// <summary>What a reader would miss.</summary>
    public IEnumerable<string> Complaints()
    {
        if (Synopsis.Count == 0)
        {
            yield return $"{Name} has no summary";
        }
        if (Description.Count == 0)
        {
            yield return $"{Name} has no remarks";
        }
        foreach (Parameter parameter in Parameters.Where(parameter => parameter.Description.Count == 0))
        {
            yield return $"{Name} -{parameter.Name} has no summary";
        }
        int explained = Examples.Count(example => example is { Code.Length: > 0, Remarks.Count: > 0 });
        if (explained < 2)
        {
            yield return $"{Name} has {explained} examples with code and para; it should have two";
        }
    }

    private static string FullName(Type type)
    {
        CmdletAttribute cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
        return type.Name.EndsWith(ClassSuffix, StringComparison.Ordinal)
            ? $"{cmdlet.VerbName}-{cmdlet.NounName}"
            : throw new NotSupportedException($"{type.Name} is a command; its name should end in {ClassSuffix}");
    }
}

internal sealed record Example(string Code, IReadOnlyList<string> Remarks);

/// <summary>A parameter of a command, in all sets that have it.</summary>
internal sealed class Parameter
{
    private readonly Command _command;
    private readonly CommandParameterInfo[] _bySet;

    private Parameter(Command command, CommandParameterInfo[] bySet)
    {
        _command = command;
        _bySet = bySet;
    }

    public string Name => Any.Name;

    public IReadOnlyList<string> Description => _command.Describe(Name);

    public bool IsRequired => _bySet.All(info => info.IsMandatory);

    public bool IsSwitch => Any.ParameterType == typeof(SwitchParameter);

    public bool TakesWildcards => Any.Attributes.OfType<SupportsWildcardsAttribute>().Any();

    public bool TakesInput => _bySet.Any(info => info.ValueFromPipeline || info.ValueFromPipelineByPropertyName);

    /// <summary>The type in the words of scripts: <c>string[]</c>.</summary>
    public string TypeName => ToStringCodeMethods.Type(PSObject.AsPSObject(Plain)).Split('.')[^1];

    /// <summary>All that may be given, if only certain words may, each with what is said of it.</summary>
    public IReadOnlyList<(string Word, IReadOnlyList<string> Meaning)> Words =>
        Plain.IsEnum
            ? [.. Plain.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(value => (value.Name, _command.Describe(value)))]
            : [.. Any.Attributes.OfType<ValidateSetAttribute>()
                .SelectMany(set => set.ValidValues)
                .Select(word => (word, (IReadOnlyList<string>)[]))];

    public string Position => Positions(_bySet.FirstOrDefault(info => info.Position >= 0) ?? Any);

    public string Input => (_bySet.Any(info => info.ValueFromPipeline),
        _bySet.Any(info => info.ValueFromPipelineByPropertyName)) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    /// <summary>Other names, but for the beginnings of its own that scripts may have used as such.</summary>
    public string Aliases =>
        Any.Aliases.Where(alias => !Name.StartsWith(alias, StringComparison.OrdinalIgnoreCase)).ToArray() is
            { Length: > 0 } aliases
            ? string.Join(", ", aliases)
            : "none";

    public string Default =>
        (_command.Info.ImplementingType.GetProperty(Name) is { } property ? _command.Default(property) : null) switch
        {
            SwitchParameter given => given.IsPresent.ToString(),
            _ when IsSwitch => "False",
            _ when IsRequired => "None",
            null or "" or 0 or 0L or Array { Length: 0 } => "None",
            object value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private CommandParameterInfo Any => _bySet[0];

    private Type Plain =>
        Nullable.GetUnderlyingType(Any.ParameterType) ?? Any.ParameterType;

    /// <summary>The parameter of that name, or null if a reader has no use for it.</summary>
    public static Parameter? Of(Command command, string name)
    {
        CommandParameterInfo[] bySet = [.. command.Info.ParameterSets
            .SelectMany(set => set.Parameters)
            .Where(info => info.Name == name && !IsHidden(info))];
        return bySet.Length == 0 ? null : new Parameter(command, bySet);
    }

    /// <summary>The parameters of a set as one types them: by position, then what is due, then the rest.</summary>
    public static IEnumerable<(Parameter Parameter, CommandParameterInfo Info)> InOrder(
        Command command, CommandParameterSetInfo set) =>
        command.Parameters
            .Select(parameter => (parameter, info: set.Parameters.FirstOrDefault(info => info.Name == parameter.Name)!))
            .Where(pair => pair.info != null)
            .OrderBy(pair => pair.info.Position < 0 ? int.MaxValue : pair.info.Position)
            .ThenBy(pair => !pair.info.IsMandatory);

    public static string Positions(CommandParameterInfo info) =>
        info.Position < 0 ? "named" : info.Position.ToString(CultureInfo.InvariantCulture);

    private static bool IsHidden(CommandParameterInfo info) =>
        Cmdlet.CommonParameters.Contains(info.Name)
        || info.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow);
}

/// <summary>The format of help files. Its elements and their order are those that Get-Help knows.</summary>
internal static class Maml
{
    private static readonly XNamespace s_help = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(IEnumerable<Command> commands, string path)
    {
        XElement root = new(
            s_help + "helpItems",
            new XAttribute("schema", "maml"),
            commands.Select(Describe));
        XmlWriterSettings settings = new() { NewLineHandling = NewLineHandling.None };
        using XmlWriter writer = XmlWriter.Create(path, settings);
        root.Save(writer);
    }

    private static XElement Describe(Command command) => new(
        s_command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", s_maml),
        new XAttribute(XNamespace.Xmlns + "command", s_command),
        new XAttribute(XNamespace.Xmlns + "dev", s_dev),
        new XElement(
            s_command + "details",
            new XElement(s_command + "name", command.Name),
            new XElement(s_command + "verb", command.Info.Verb),
            new XElement(s_command + "noun", command.Info.Noun),
            Text(command.Synopsis)),
        Text(command.Description),
        new XElement(s_command + "syntax", command.Info.ParameterSets.Select(set => Syntax(command, set))),
        new XElement(s_command + "parameters", command.Parameters.Select(Describe)),
        new XElement(s_command + "inputTypes", Inputs(command)),
        new XElement(s_command + "returnValues", Outputs(command)),
        new XElement(s_command + "examples", command.Examples.Select(Describe)),
        new XElement(s_command + "relatedLinks", command.Links.Select(link => new XElement(
            s_maml + "navigationLink",
            new XElement(s_maml + "linkText", link),
            new XElement(s_maml + "uri")))));

    private static XElement Syntax(Command command, CommandParameterSetInfo set) => new(
        s_command + "syntaxItem",
        new XElement(s_maml + "name", command.Name),
        Parameter.InOrder(command, set).Select(pair => new XElement(
            s_command + "parameter",
            Attributes(pair.Parameter, pair.Info.IsMandatory, Parameter.Positions(pair.Info)),
            new XElement(s_maml + "name", pair.Parameter.Name),
            pair.Parameter.Words.Count > 0
                ? new XElement(s_command + "parameterValueGroup", pair.Parameter.Words.Select(word => Value(word.Word)))
                : pair.Parameter.IsSwitch ? null : Value(pair.Parameter.TypeName))));

    private static XElement Describe(Parameter parameter) => new(
        s_command + "parameter",
        Attributes(parameter, parameter.IsRequired, parameter.Position),
        new XElement(s_maml + "name", parameter.Name),
        Text(parameter.Description),
        parameter.IsSwitch ? null : Value(parameter.TypeName),
        Type(parameter.TypeName),
        new XElement(s_dev + "defaultValue", parameter.Default),
        parameter.Words.Count == 0 ? null : new XElement(
            s_dev + "possibleValues",
            parameter.Words.Select(word => new XElement(
                s_dev + "possibleValue", new XElement(s_dev + "value", word.Word), Text(word.Meaning)))));

    private static XElement Describe(Example example, int index) => new(
        s_command + "example",
        new XElement(s_maml + "title", $"---------- Example {index + 1} ----------"),
        new XElement(s_dev + "code", example.Code),
        new XElement(s_dev + "remarks", Paragraphs(example.Remarks)));

    private static IEnumerable<XElement> Inputs(Command command) =>
        command.Parameters.Where(parameter => parameter.TakesInput).ToArray() is { Length: > 0 } inputs
            ? inputs.Select(input => new XElement(
                s_command + "inputType", Type(input.TypeName), Text(input.Description)))
            : [new XElement(s_command + "inputType", Type("None"))];

    private static IEnumerable<XElement> Outputs(Command command) => command.Info.OutputType.Select(output =>
        new XElement(s_command + "returnValue", Type(output.Type == typeof(void) ? "None" : output.Name)));

    private static IEnumerable<XAttribute> Attributes(Parameter parameter, bool isRequired, string position) =>
    [
        new("required", isRequired),
        new("globbing", parameter.TakesWildcards),
        new("pipelineInput", parameter.Input),
        new("position", position),
        new("aliases", parameter.Aliases),
    ];

    private static XElement Value(string text) =>
        new(s_command + "parameterValue", new XAttribute("required", true), text);

    private static XElement Type(string name) => new(s_dev + "type", new XElement(s_maml + "name", name));

    private static XElement Text(IEnumerable<string> paragraphs) =>
        new(s_maml + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) =>
        paragraphs.Select(paragraph => new XElement(s_maml + "para", paragraph));
}
