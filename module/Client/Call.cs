using System;
using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Objects;

namespace DattoRMM.Client;

/// <summary>
/// Describes one call of the API: what is asked, what becomes of its answer, and what it is about. It never changes;
/// each method gives a new one.
/// </summary>
public sealed class Call
{
    private Func<object?, object?>? _shape;
    private Func<DrmmException, string?>? _excuse;
    private Func<DrmmException, Call?>? _otherwise;
    private KeyValuePair<string, object?>[] _given = [];
    private string[] _needs = [];
    private bool _isChange;

    private Call(Request? request, string? type)
    {
        Request = request;
        Type = type;
        Subject = request?.Subject ?? "";
        Action = request?.Method ?? "";
    }

    /// <summary>What is sent, or null if nothing is.</summary>
    internal Request? Request { get; private set; }

    /// <summary>The type name of its items, such as <c>DattoRMM.Device</c>, or null for none.</summary>
    internal string? Type { get; private set; }

    /// <summary>Which fields of its items are wanted, or null for all.</summary>
    internal Projection? Projection { get; private set; }

    /// <summary>The call that follows, made of all items of this one, which are not put out. Null for none.</summary>
    internal Func<IReadOnlyList<PSObject>, Call>? Next { get; private set; }

    /// <summary>What the answer is asked for again until it says, or null.</summary>
    internal Poll? Poll { get; private set; }

    /// <summary>Describes the call when its turn has come, or null if this is it.</summary>
    internal Func<Call>? Describe { get; private set; }

    /// <summary>What is put out without a request, or null.</summary>
    internal IEnumerable<object?>? Given { get; private set; }

    /// <summary>What is put out when the call has ended, in place of its items.</summary>
    internal Func<Connection, IEnumerable<object?>>? Outcome { get; private set; }

    /// <summary>Whether a list ends after a page, given as it came. Null for one that is read to its end.</summary>
    internal Func<IReadOnlyList<object?>, bool>? IsEnough { get; private set; }

    /// <summary>The most items that are put out, or null for all.</summary>
    internal int? Most { get; private set; }

    /// <summary>
    /// The warning in place of an error that does not keep <see cref="Outcome"/> from being put out, or null.
    /// </summary>
    internal string? Excuse(DrmmException fault) => _excuse?.Invoke(fault);

    /// <summary>The call that is made in place of this one, which has failed, or null.</summary>
    internal Call? Otherwise(DrmmException fault) => _otherwise?.Invoke(fault);

    /// <summary>The input that errors are about, or null.</summary>
    internal object? Target { get; private set; }

    /// <summary>What it is about, in the words that ShouldProcess and errors show.</summary>
    internal string Subject { get; private set; }

    /// <summary>What a write does, in the words that ShouldProcess shows.</summary>
    internal string Action { get; private set; }

    /// <summary>Why this call is never sent, or null.</summary>
    internal DrmmException? Refusal { get; private set; }

    /// <summary>Whether its items are held for what follows, so that they can be read before its turn.</summary>
    internal bool IsSilent => Next != null || Poll != null;

    /// <summary>Whether it changes something, itself or by a call that follows.</summary>
    internal bool IsWrite => _isChange || Request is { Method: not "GET" };

    /// <summary>Two writes with the same key change the same thing, so their order matters.</summary>
    internal string OrderKey => Request?.OrderKey ?? Subject;

    /// <summary>
    /// Reads one answer. Each <c>{}</c> of <paramref name="path"/> takes the next of <paramref name="arguments"/>,
    /// which the client encodes. An answer that is an array gives its elements.
    /// </summary>
    internal static Call Get(string? type, string path, params string[] arguments) =>
        new(new Request("GET", path, arguments), type);

    /// <summary>Reads a list, page by page; <paramref name="items"/> is the field of a page that holds it.</summary>
    internal static Call Pages(string? type, string items, string path, params string[] arguments) =>
        new(new Request("GET", path, arguments).Paged(items), type);

    internal static Call Post(string? type, string path, params string[] arguments) =>
        new(new Request("POST", path, arguments), type);

    internal static Call Put(string? type, string path, params string[] arguments) =>
        new(new Request("PUT", path, arguments), type);

    internal static Call Delete(string? type, string path, params string[] arguments) =>
        new(new Request("DELETE", path, arguments), type);

    /// <summary>A call by the name of its method, for commands that leave the choice to the user.</summary>
    internal static Call Send(string method, string path) => new(new Request(method.ToUpperInvariant(), path), null);

    /// <summary>Asks for a new access token, and gives its text. Nobody else uses it.</summary>
    internal static Call Token(PSCredential keys) => new(Request.Token(keys), null);

    /// <summary>
    /// Is described when its turn has come, on the pipeline thread and after ShouldProcess: for what takes a look-up.
    /// </summary>
    internal static Call Deferred(Func<Call> describe) => new(null, null) { Describe = describe };

    /// <summary>Sends nothing: gives these.</summary>
    internal static Call Result(IEnumerable<object?> given) => new(null, null) { Given = given };

    /// <summary>Stands for an input that is not acceptable: reported in its turn, and never sent.</summary>
    internal static Call Refused(DrmmException reason, object? target) =>
        new(null, null) { Refusal = reason, Target = reason.Target ?? target };

    /// <summary>Adds a query parameter. A null value is not sent.</summary>
    internal Call Query(string name, string? value) =>
        value == null ? this : Asking(request => request.Query(name, value));

    /// <summary>Sends a body: text as it stands, anything else as JSON. A null body is not sent.</summary>
    internal Call Body(object? body) => body == null ? this : Asking(request => request.Body(body));

    /// <summary>Gives the answer's text as one string in place of objects.</summary>
    internal Call Text() => Asking(request => request.Text());

    /// <summary>Reads a list by the addresses of next pages alone: its pages have no numbers.</summary>
    internal Call Cursor() => Asking(request => request.Cursor());

    /// <summary>Gives fields of a list's items whose text is JSON as what it says; other text stays text.</summary>
    internal Call Unfolding(params string[] fields) => Asking(request => request.Unfolding(fields));

    /// <summary>Fetches at most so many pages of a list side by side.</summary>
    internal Call SideBySide(int pages) => Asking(request => request.SideBySide(pages));

    /// <summary>Passes on only the items that <paramref name="wanted"/> holds for. Null wants all.</summary>
    /// <param name="wanted">Looks at fields by <see cref="HiddenFields.Read"/>.</param>
    /// <param name="needs">Those fields.</param>
    internal Call Where(Func<PSObject, bool>? wanted, params string[] needs) =>
        wanted == null
            ? this
            : Select(item => wanted(item) ? item : null).With(call => call._needs = [.. _needs, .. needs]);

    /// <summary>
    /// Asks for a few fields of each item: these are the properties, in this order. What says which object it is comes
    /// along unseen.
    /// </summary>
    /// <exception cref="DrmmException">No property is named.</exception>
    internal Call Project(IReadOnlyList<string?>? names) =>
        names is not { Count: > 0 }
            ? throw new DrmmException(ErrorKind.InvalidArgument, Messages.Empty("Property"))
        : Request == null
            ? this
            : With(call =>
            {
                call.Projection = new Projection(names, [.. Input.KeyFields(Type), .. _needs], _given);
                call.Request = Request.Only(call.Projection.Fields);
                call.Type = Type + Input.ProjectedSuffix;
            });

    /// <summary>Puts out what <paramref name="make"/> makes of each item; nothing where that is null.</summary>
    internal Call Select(Func<PSObject, object?> make)
    {
        Func<object?, object?>? before = _shape;
        return With(call => call._shape = item =>
            (before == null ? item : before(item)) is { } shaped ? make(PSObject.AsPSObject(shaped)) : null);
    }

    /// <summary>Adds a last property to each item that has none of this name.</summary>
    internal Call With(string property, object? value) => Select(item =>
    {
        if (!HiddenFields.Has(item, property))
        {
            item.Properties.Add(new PSNoteProperty(property, value));
        }
        return item;
    }).With(call => call._given = [.. _given, new KeyValuePair<string, object?>(property, value)]);

    /// <summary>Ends a list when so many of its items have been put out. Null reads all.</summary>
    internal Call First(int? most) => most == null ? this : With(call => call.Most = most);

    /// <summary>Ends a list after a page for which <paramref name="isEnough"/> holds.</summary>
    internal Call EndWhen(Func<IReadOnlyList<object?>, bool> isEnough) => With(call => call.IsEnough = isEnough);

    /// <summary>
    /// Makes the call that follows of all items of this one, which are not put out.
    /// <paramref name="next"/> may throw a <see cref="DrmmException"/>.
    /// </summary>
    internal Call Then(Func<IReadOnlyList<PSObject>, Call> next)
    {
        Func<IReadOnlyList<PSObject>, Call>? before = Next;
        return With(call => call.Next = before == null ? next : items => before(items).Then(next));
    }

    /// <summary>Holds all items, and puts out what <paramref name="make"/> makes of them.</summary>
    internal Call Gather(Func<IReadOnlyList<PSObject>, IEnumerable<object?>> make) => Then(items => Result(make(items)));

    /// <summary>
    /// Makes another call where this one fails and <paramref name="other"/> has one; else the error stands.
    /// </summary>
    internal Call Or(Func<DrmmException, Call?> other) => With(call => call._otherwise = other);

    /// <summary>
    /// Asks again until <paramref name="hasEnded"/> holds for the answer, ever more slowly.
    /// </summary>
    /// <param name="hasEnded">Whether the answer is the one that is waited for.</param>
    /// <param name="patience">After this it is a <see cref="ErrorKind.Timeout"/>.</param>
    /// <param name="waiting">What is waited for, in the words that progress and that error show.</param>
    internal Call Until(Func<PSObject, bool> hasEnded, TimeSpan patience, string waiting) =>
        With(call => call.Poll = new Poll(hasEnded, patience, waiting));

    /// <summary>Puts out, when it has ended well, what <paramref name="outcome"/> gives instead of its items.</summary>
    internal Call Yielding(Func<Connection, IEnumerable<object?>> outcome) => With(call => call.Outcome = outcome);

    /// <summary>
    /// Puts out what it yields even after an error that <paramref name="excuse"/> has a warning for, in its place.
    /// </summary>
    internal Call Excusing(Func<DrmmException, string?> excuse) => With(call => call._excuse = excuse);

    /// <summary>Says what errors are about and, for a write, what ShouldProcess shows.</summary>
    internal Call For(object? target, string? subject = null, string? action = null) => With(call =>
    {
        call.Target = target;
        call.Subject = subject ?? Subject;
        call.Action = action ?? Action;
    });

    /// <summary>Marks a chain of calls that begins with a read as a write.</summary>
    internal Call Change(string subject, string action) => With(call =>
    {
        call._isChange = true;
        call.Subject = subject;
        call.Action = action;
    });

    /// <summary>What is put out of an item. False if nothing is.</summary>
    internal bool TryShape(object? item, out object? shaped)
    {
        shaped = _shape == null ? item : _shape(item);
        return Outcome == null && (_shape == null || shaped != null);
    }

    private Call Asking(Func<Request, Request> change) => With(call => call.Request = change(Request!));

    private Call With(Action<Call> change)
    {
        Call call = (Call)MemberwiseClone();
        change(call);
        return call;
    }
}
