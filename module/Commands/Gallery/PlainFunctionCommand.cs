using System.Management.Automation;

namespace DattoRMM.Commands.Gallery;

/// <summary>
/// The base of commands that are plain functions in the gallery module: arguments and input that nobody asked for are
/// ignored, and whatever is piped in, it runs once.
/// </summary>
public abstract class PlainFunctionCommand : DrmmCommand
{
    /// <summary>Ignored, as by the plain function that this command replaces.</summary>
    [Parameter(DontShow = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? StrayArguments { get; set; }

    /// <summary>Ignored, as by the plain function that this command replaces.</summary>
    [Parameter(DontShow = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? StrayInput { get; set; }

    private protected sealed override bool IgnoresInput => true;
}
