using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace DattoRMM.Client;

/// <summary>
/// What is sent: the call document of the library's contract. It never changes; each method gives a new one.
/// </summary>
internal sealed class Request
{
    private readonly string _path;
    private readonly string[] _arguments;
    private KeyValuePair<string, string>[] _query = Array.Empty<KeyValuePair<string, string>>();
    private string? _body;
    private string[] _jsonFields = Array.Empty<string>();
    private string[]? _fields;
    private bool _text;
    private bool _cursor;
    private bool _once;
    private int? _sideBySide;

    internal Request(string method, string path, params string[] arguments)
    {
        Method = method;
        _path = path;
        _arguments = arguments;
    }

    internal string Method { get; }

    /// <summary>The field of a page that holds its items, or null for an answer that is no page.</summary>
    internal string? Items { get; private set; }

    /// <summary>What it is about: its arguments, else its path.</summary>
    internal string Subject => _arguments.Length > 0 ? string.Join(", ", _arguments) : _path;

    /// <summary>Two writes with the same key change the same thing, so their order matters.</summary>
    internal string OrderKey => _arguments.Length > 0 ? string.Join("\n", _arguments) : _path;

    /// <summary>Whose new token is asked for, in place of an operation of the API; null for such an operation.</summary>
    internal PSCredential? Keys { get; private set; }

    /// <summary>Asks for a new token.</summary>
    internal static Request Token(PSCredential keys) => new("GET", "auth/oauth/token") { Keys = keys };

    /// <summary>The text of these fields of an item is JSON: they are given as what it says.</summary>
    internal Request Unfolding(params string[] fields) => With(request => request._jsonFields = fields);

    /// <summary>Only these fields of each item are wanted, in this order.</summary>
    internal Request Only(string[] fields) => With(request => request._fields = fields);

    internal Request Paged(string items) => With(request => request.Items = items);

    internal Request Query(string name, string value) =>
        With(request => request._query = [.. _query, new KeyValuePair<string, string>(name, value)]);

    internal Request Body(object body) => With(request =>
        request._body = body is PSObject { BaseObject: string text } ? text : body as string ?? JsonWriter.Serialize(body));

    internal Request Text() => With(request => request._text = true);

    internal Request Cursor() => With(request => request._cursor = true);

    /// <summary>What fails is not tried again.</summary>
    internal Request Once() => With(request => request._once = true);

    internal Request SideBySide(int pages) => With(request => request._sideBySide = pages);

    /// <summary>The document. It may hold a secret: the caller wipes it.</summary>
    internal byte[] ToDocument()
    {
        using JsonWriter json = new();
        json.BeginObject();
        if (Keys != null)
        {
            json.Property("key", Keys.UserName);
            json.Property("secret", Keys.Password);
        }
        else
        {
            WriteCall(json);
        }
        json.EndObject();
        return json.ToBytes();
    }

    private void WriteCall(JsonWriter json)
    {
        json.Property("method", Method);
        json.Property("path", _path);
        if (_arguments.Length > 0)
        {
            json.Name("args");
            json.Value(_arguments);
        }
        if (_query.Length > 0)
        {
            json.Name("query");
            json.Value(_query.Select(pair => new[] { pair.Key, pair.Value }).ToArray());
        }
        if (_body != null)
        {
            json.Property("body", _body);
        }
        if (Items != null)
        {
            json.Property("items", Items);
        }
        if (_jsonFields.Length > 0)
        {
            json.Name("jsonFields");
            json.Value(_jsonFields);
        }
        if (_fields != null)
        {
            json.Name("fields");
            json.Value(_fields);
        }
        if (_cursor)
        {
            json.Name("cursor");
            json.Value(true);
        }
        if (_once)
        {
            json.Name("once");
            json.Value(true);
        }
        if (_sideBySide is { } pages)
        {
            json.Name("pages");
            json.Value(pages);
        }
        if (_text)
        {
            json.Property("answer", "text");
        }
    }

    private Request With(Action<Request> change)
    {
        Request request = (Request)MemberwiseClone();
        change(request);
        return request;
    }
}
