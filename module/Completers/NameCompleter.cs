using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using DattoRMM.Client;

namespace DattoRMM.Completers;

/// <summary>
/// The base of completers that offer what the account has: by the connection that the command would use, with at most
/// one request for each key that is pressed, and silently nothing where that does not work out.
/// </summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <summary>Which list to offer from, for the parameters that have been typed so far.</summary>
    private protected abstract NameList List(IDictionary parameters);

    /// <summary>What is inserted for an entry: its name.</summary>
    private protected virtual string TextOf(NameEntry entry) => entry.Name;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        Word word = new(wordToComplete);
        IEnumerable<NameEntry> entries = Entries(word.Text, commandAst, fakeBoundParameters)
            .Where(entry => word.Begins(entry.Name) || word.Begins(TextOf(entry)))
            .OrderBy(entry => entry.Name, StringComparer.CurrentCultureIgnoreCase);
        foreach (NameEntry entry in entries)
        {
            string text = TextOf(entry);
            string literal = WildcardPattern.Escape(text);
            yield return new CompletionResult(
                word.Written(literal != text && TakesWildcards(commandName, parameterName) ? literal : text),
                entry.Name,
                CompletionResultType.ParameterValue,
                entry.Detail);
        }
    }

    private IReadOnlyList<NameEntry> Entries(string typed, CommandAst command, IDictionary parameters)
    {
        Connection? connection = null;
        try
        {
            connection = Borrow(command, parameters);
            return connection == null ? [] : NameCache.Of(connection).Find(List(parameters), typed);
        }
        catch (DrmmException)
        {
            // Not connected, or not well: whoever runs the command is told, whoever presses a key has no use for it.
            return [];
        }
        finally
        {
            connection?.GiveBack();
        }
    }

    /// <summary>The connection of the command line; null where it names one that is not known before it runs.</summary>
    private static Connection? Borrow(CommandAst command, IDictionary parameters)
    {
        object? named = parameters["Connection"];
        Connection? connection = (named is PSObject wrapper ? wrapper.BaseObject : named) as Connection;
        return connection == null && NamesConnection(command)
            ? null
            : Connections.Borrow(connection, Runspace.DefaultRunspace);
    }

    private static bool NamesConnection(CommandAst command) =>
        command.CommandElements.OfType<CommandParameterAst>().Any(parameter =>
            "Connection".StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase));

    private static bool TakesWildcards(string command, string parameter) =>
        typeof(NameCompleter).Assembly.GetExportedTypes()
            .FirstOrDefault(type => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet
                && command.EndsWith(cmdlet.VerbName + "-" + cmdlet.NounName, StringComparison.OrdinalIgnoreCase))
            ?.GetProperty(parameter, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            ?.IsDefined(typeof(SupportsWildcardsAttribute)) == true;
}
