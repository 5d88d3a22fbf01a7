using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>The base of the two commands that the platform took the ground from: they say so.</summary>
public abstract class MuteCommand : PSCmdlet
{
    /// <summary>The uid of the alert.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Alert)]
    public string? AlertUid { get; set; }

    /// <summary>Says why there is nothing to do.</summary>
    protected sealed override void BeginProcessing() => ThrowTerminatingError(
        new DrmmException(ErrorKind.Withdrawn, Messages.NoMuting).ToErrorRecord(AlertUid));
}
