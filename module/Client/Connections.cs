using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace DattoRMM.Client;

/// <summary>
/// Which connection a command takes. Each runspace has its own default, its last <c>Connect-DrmmApi</c>; one that never
/// tried takes the process's only account, if there is exactly one. Two customers are never mixed up.
/// </summary>
internal static class Connections
{
    private static readonly object s_gate = new();
    private static readonly ConditionalWeakTable<Runspace, Choice> s_choices = new();
    private static readonly List<Connection> s_open = new();

    /// <summary>
    /// Forgets the runspace's default: from now on it has none, and does not fall back to another runspace's. Gives the
    /// former one if nobody was handed it: nobody can borrow it any more, and the caller has to close it.
    /// </summary>
    internal static Connection? Forget(Runspace runspace)
    {
        lock (s_gate)
        {
            Choice choice = s_choices.GetOrCreateValue(runspace);
            Connection? former = choice.Connection;
            choice.Connection = null;
            choice.IsMade = true;
            if (former is not { HandedOut: false })
            {
                return null;
            }
            s_open.Remove(former);
            return former;
        }
    }

    /// <summary>Makes a connection the runspace's default.</summary>
    internal static void SetDefault(Runspace runspace, Connection connection)
    {
        lock (s_gate)
        {
            s_open.Add(connection);
            Choice choice = s_choices.GetOrCreateValue(runspace);
            choice.Connection = connection;
            choice.IsMade = true;
        }
    }

    /// <summary>Closes the runspace's own default, if it has one; from then on it has none.</summary>
    internal static void Disconnect(Runspace runspace)
    {
        Connection? own;
        lock (s_gate)
        {
            own = s_choices.TryGetValue(runspace, out Choice? choice) ? choice.Connection : null;
        }
        Forget(runspace);
        if (own != null)
        {
            Close(own);
        }
    }

    /// <summary>Closes a connection; commands that run on it end first.</summary>
    internal static void Close(Connection connection)
    {
        lock (s_gate)
        {
            s_open.Remove(connection);
        }
        connection.Close();
    }

    /// <summary>Lends the connection that was named, or the one that this runspace speaks for.</summary>
    /// <exception cref="DrmmException">There is none, or there are several accounts to choose from.</exception>
    internal static Connection Borrow(Connection? named, Runspace runspace)
    {
        if (named != null)
        {
            return named.TryBorrow() ? named : throw NotConnected(Messages.ConnectionClosed(named));
        }
        CloseOrphans();
        lock (s_gate)
        {
            // Whoever closes a connection takes it from the list first, so what is found here can be lent.
            Connection found = Find(runspace);
            return found.TryBorrow() ? found : throw NotConnected(Messages.NotConnected);
        }
    }

    private static Connection Find(Runspace runspace)
    {
        if (s_choices.TryGetValue(runspace, out Choice? choice) && choice.IsMade)
        {
            return choice.Connection ?? throw NotConnected(Messages.NotConnected);
        }
        if (s_open.Count == 0)
        {
            throw NotConnected(Messages.NotConnected);
        }
        Connection newest = s_open[s_open.Count - 1];
        return s_open.All(newest.IsSameAccount) ? newest : throw NotConnected(Messages.SeveralAccounts);
    }

    private static void CloseOrphans()
    {
        List<Connection> orphans;
        lock (s_gate)
        {
            orphans = s_open.FindAll(connection => connection.IsOrphan);
        }
        orphans.ForEach(Close);
    }

    private static DrmmException NotConnected(string message) => new(ErrorKind.NotConnected, message);

    private sealed class Choice
    {
        internal Connection? Connection { get; set; }

        /// <summary>Whether this runspace has ever tried to connect, or disconnected.</summary>
        internal bool IsMade { get; set; }
    }
}
