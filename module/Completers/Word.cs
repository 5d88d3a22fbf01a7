using System;
using System.Linq;
using System.Management.Automation.Language;
using System.Text;

namespace DattoRMM.Completers;

/// <summary>A word that is being typed, with or without quotes.</summary>
internal sealed class Word
{
    private const string Specials = "`$\"";

    private readonly bool _isDoubleQuoted;
    private readonly bool _isQuoted;

    internal Word(string? typed)
    {
        string word = typed ?? "";
        _isDoubleQuoted = word.StartsWith("\"", StringComparison.Ordinal);
        _isQuoted = _isDoubleQuoted || word.StartsWith("'", StringComparison.Ordinal);
        string inner = word.Trim('\'', '"');
        Text = _isQuoted && !_isDoubleQuoted ? inner.Replace("''", "'") : inner;
    }

    /// <summary>What is meant, without quotes.</summary>
    internal string Text { get; }

    /// <summary>Whether a text begins as the word does, in whatever case.</summary>
    internal bool Begins(string text) => text.StartsWith(Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>A text as it is written in place of this word: in its quotes, or in quotes if it needs some.</summary>
    internal string Written(string text) =>
        _isDoubleQuoted ? "\"" + Escaped(text) + "\""
        : _isQuoted || !IsPlain(text) ? "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'"
        : text;

    /// <summary>Letters, digits and what means nothing inside a word; a dash in front would be a parameter.</summary>
    private static bool IsPlain(string text) =>
        text[0] != '-' && text.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.');

    private static string Escaped(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
        {
            // Also the typographic quotes, which are quotes to PowerShell.
            if (Specials.Contains(character) || character is '\u201C' or '\u201D' or '\u201E')
            {
                escaped.Append('`');
            }
            escaped.Append(character);
        }
        return escaped.ToString();
    }
}
