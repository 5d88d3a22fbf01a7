using System.Collections;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Keeps objects from a parameter that takes text: they would become theirs, with every field in a URL and an error
/// message.
/// </summary>
internal sealed class TextAttribute : ElementAttribute
{
    /// <summary>Whether a value is an object with fields of its own.</summary>
    internal static bool HasFields(object? value) => Plain(value) is PSCustomObject or IDictionary;

    private protected override object? Read(object? value) =>
        HasFields(value) ? throw new DrmmException(ErrorKind.InvalidArgument, Messages.NotText) : value;
}
