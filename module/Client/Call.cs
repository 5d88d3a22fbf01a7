using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace DattoRMM.Client;

/// <summary>
/// Describes one call of the API: what is asked, what its answer is, and what it is about. It never changes; each
/// method gives a new one.
/// </summary>
public sealed class Call
{
    private readonly string _method;
    private readonly string _path;
    private readonly string[] _arguments;
    private KeyValuePair<string, string>[] _query = Array.Empty<KeyValuePair<string, string>>();
    private string? _body;
    private Func<PSObject, bool>? _filter;
    private bool _text;
    private Func<DrmmException, string?>? _excuse;

    private Call(string method, string? type, string path, string[] arguments)
    {
        _method = method;
        _path = path;
        _arguments = arguments;
        Type = type;
        Subject = arguments.Length > 0 ? string.Join(", ", arguments) : path;
        Action = method;
    }

    /// <summary>The type name of its items, such as <c>DattoRMM.Device</c>, or null for none.</summary>
    internal string? Type { get; }

    /// <summary>The field of a page that holds its items, or null for an answer that is no page.</summary>
    internal string? Items { get; private set; }

    /// <summary>What is put out when the call has ended, in place of its items.</summary>
    internal Func<Connection, IEnumerable<object?>>? Outcome { get; private set; }

    /// <summary>
    /// The warning in place of an error that does not keep <see cref="Outcome"/> from being put out, or null.
    /// </summary>
    internal string? Excuse(DrmmException fault) => _excuse?.Invoke(fault);

    /// <summary>The input that errors are about, or null.</summary>
    internal object? Target { get; private set; }

    /// <summary>What it is about, in the words that ShouldProcess and errors show.</summary>
    internal string Subject { get; private set; }

    /// <summary>What a write does, in the words that ShouldProcess shows.</summary>
    internal string Action { get; private set; }

    /// <summary>Why this call is never sent, or null.</summary>
    internal DrmmException? Refusal { get; private set; }

    /// <summary>Whether an item of the answer is put out.</summary>
    internal bool Passes(object? item) =>
        Outcome == null && (_filter == null || (item is PSObject value && _filter(value)));

    internal bool IsPaged => Items != null;

    internal bool IsWrite => _method != "GET";

    /// <summary>Two writes with the same key change the same thing, so their order matters.</summary>
    internal string OrderKey => string.Join("\n", _arguments.Length > 0 ? _arguments : new[] { _path });

    /// <summary>
    /// Reads one answer. Each <c>{}</c> of <paramref name="path"/> takes the next of <paramref name="arguments"/>,
    /// which the client encodes. An answer that is an array gives its elements.
    /// </summary>
    internal static Call Get(string? type, string path, params string[] arguments) =>
        new("GET", type, path, arguments);

    /// <summary>Reads a list, page by page; <paramref name="items"/> is the field of a page that holds it.</summary>
    internal static Call Pages(string? type, string items, string path, params string[] arguments) =>
        new("GET", type, path, arguments) { Items = items };

    internal static Call Post(string? type, string path, params string[] arguments) =>
        new("POST", type, path, arguments);

    internal static Call Put(string? type, string path, params string[] arguments) =>
        new("PUT", type, path, arguments);

    internal static Call Delete(string? type, string path, params string[] arguments) =>
        new("DELETE", type, path, arguments);

    /// <summary>A call by the name of its method, for commands that leave the choice to the user.</summary>
    internal static Call Send(string method, string path) =>
        new(method.ToUpperInvariant(), null, path, Array.Empty<string>());

    /// <summary>Stands for an input that is not acceptable: reported in its turn, and never sent.</summary>
    internal static Call Refused(DrmmException reason, object? target) =>
        new("GET", null, "", Array.Empty<string>()) { Refusal = reason, Target = reason.Target ?? target };

    /// <summary>Adds a query parameter. A null value is not sent.</summary>
    internal Call Query(string name, string? value)
    {
        if (value == null)
        {
            return this;
        }
        Call call = Copy();
        call._query = new KeyValuePair<string, string>[_query.Length + 1];
        _query.CopyTo(call._query, 0);
        call._query[_query.Length] = new KeyValuePair<string, string>(name, value);
        return call;
    }

    /// <summary>Sends a body: text as it stands, anything else as JSON. A null body is not sent.</summary>
    internal Call Body(object? body)
    {
        if (body == null)
        {
            return this;
        }
        Call call = Copy();
        call._body = body is PSObject { BaseObject: string text } ? text : body as string ?? JsonWriter.Serialize(body);
        return call;
    }

    /// <summary>Gives the answer's text as one string in place of objects.</summary>
    internal Call Text()
    {
        Call call = Copy();
        call._text = true;
        return call;
    }

    /// <summary>Passes on only the items that <paramref name="wanted"/> holds for. Null wants all.</summary>
    internal Call Where(Func<PSObject, bool>? wanted)
    {
        if (wanted == null)
        {
            return this;
        }
        Call call = Copy();
        Func<PSObject, bool>? before = _filter;
        call._filter = before == null ? wanted : item => before(item) && wanted(item);
        return call;
    }

    /// <summary>Puts out, when it has ended well, what <paramref name="outcome"/> gives instead of its items.</summary>
    internal Call Yielding(Func<Connection, IEnumerable<object?>> outcome)
    {
        Call call = Copy();
        call.Outcome = outcome;
        return call;
    }

    /// <summary>
    /// Puts out what it yields even after an error that <paramref name="excuse"/> has a warning for, in its place.
    /// </summary>
    internal Call Excusing(Func<DrmmException, string?> excuse)
    {
        Call call = Copy();
        call._excuse = excuse;
        return call;
    }

    /// <summary>Says what errors are about and, for a write, what ShouldProcess shows.</summary>
    internal Call For(object? target, string? subject = null, string? action = null)
    {
        Call call = Copy();
        call.Target = target;
        call.Subject = subject ?? Subject;
        call.Action = action ?? Action;
        return call;
    }

    /// <summary>The call document of the library's contract.</summary>
    internal byte[] ToDocument()
    {
        using JsonWriter json = new();
        json.BeginObject();
        json.Property("method", _method);
        json.Property("path", _path);
        if (_arguments.Length > 0)
        {
            json.Name("args");
            json.Value(_arguments);
        }
        if (_query.Length > 0)
        {
            json.Name("query");
            json.BeginArray();
            foreach (KeyValuePair<string, string> pair in _query)
            {
                json.Value(new[] { pair.Key, pair.Value });
            }
            json.EndArray();
        }
        if (_body != null)
        {
            json.Property("body", _body);
        }
        if (Items != null)
        {
            json.Property("items", Items);
        }
        if (_text)
        {
            json.Property("answer", "text");
        }
        json.EndObject();
        return json.ToBytes();
    }

    private Call Copy() => (Call)MemberwiseClone();
}
