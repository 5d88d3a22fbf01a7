using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Client;

/// <summary>
/// A connection to one account. It holds no secret: token, secret and quota are the client's, one set for each account
/// of this process.
/// </summary>
/// <remarks>
/// Commands borrow it while they run. Closing it refuses further loans and ends the session when the last one is
/// given back, so that nobody's work is cut off by another runspace's <c>Disconnect-DrmmApi</c>.
/// </remarks>
public sealed class Connection
{
    private readonly object _gate = new();
    private readonly NativeSession _session;
    private readonly string _key;
    private readonly WeakReference<Runspace> _owner;
    private int _loans;
    private bool _closed;

    internal Connection(NativeSession session, string url, string key, Runspace owner, bool handedOut)
    {
        _session = session;
        _key = key;
        _owner = new WeakReference<Runspace>(owner);
        Url = Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) ? parsed.GetLeftPart(UriPartial.Authority) : url;
        HandedOut = handedOut;
    }

    /// <summary>The API's origin, such as <c>https://pinotage-api.centrastage.net</c>.</summary>
    public string Url { get; }

    /// <summary>The first characters of the API key, enough to tell accounts apart.</summary>
    public string Key => _key.Length > 6 ? _key.Substring(0, 6) + "…" : _key;

    /// <summary>False once it was disconnected.</summary>
    public bool Connected
    {
        get
        {
            lock (_gate)
            {
                return !_closed;
            }
        }
    }

    /// <summary>Whether somebody was given it (<c>-PassThru</c>), so that only they can say when it ends.</summary>
    internal bool HandedOut { get; }

    /// <summary>Whether nobody can use it any more: its runspace has ended, and nobody was given it.</summary>
    internal bool IsOrphan =>
        !HandedOut
        && (!_owner.TryGetTarget(out Runspace? owner)
            || owner.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Closing or RunspaceState.Broken);

    /// <summary>URL and key, which shows no secret.</summary>
    public override string ToString() => Key + " at " + Url;

    internal bool IsSameAccount(Connection other) => Url == other.Url && _key == other._key;

    /// <summary>Takes a loan. False if the connection was closed.</summary>
    internal bool TryBorrow()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }
            _loans++;
            return true;
        }
    }

    /// <summary>Gives a loan back.</summary>
    internal void GiveBack()
    {
        bool last;
        lock (_gate)
        {
            last = --_loans == 0 && _closed;
        }
        if (last)
        {
            _session.Disconnect();
        }
    }

    /// <summary>Refuses further loans, and ends the session now or with the last loan.</summary>
    internal void Close()
    {
        bool last;
        lock (_gate)
        {
            last = _loans == 0 && !_closed;
            _closed = true;
        }
        if (last)
        {
            _session.Disconnect();
        }
    }

    internal NativeStream Open(Request request) => _session.Open(request);

    /// <summary>How the account stands: quota seen and used, token, counters.</summary>
    internal PSObject Describe()
    {
        using NativeBuffer description = _session.Describe();
        using BatchReader reader = new(description, new ShapeTable(), type: null);
        return reader.Read(out object? item) && item is PSObject account ? account : throw Malformed.Batch();
    }
}
