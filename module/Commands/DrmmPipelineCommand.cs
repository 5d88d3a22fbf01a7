using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// The base of commands that take sites, devices and alerts from the pipeline, or several uids, and work on some side
/// by side.
/// </summary>
public abstract class DrmmPipelineCommand : CallingCommand
{
    private protected const string InputSet = "Input";

    /// <summary>A site, a device or an alert, or a uid as text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSet, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>How many inputs to work on side by side: 8 by default for reads, 1 for writes.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; }

    /// <summary>What the command is about, and so what plain text in the pipeline is the uid of.</summary>
    private protected abstract Noun Noun { get; }

    private protected sealed override int? Limit => IsBound(nameof(ThrottleLimit)) ? ThrottleLimit : null;

    /// <summary>Describes the calls for an object from the pipeline.</summary>
    /// <exception cref="DrmmException">The object is refused; that is reported, and the next one goes on.</exception>
    private protected abstract IEnumerable<Call> DescribeInput(Input input);

    /// <summary>Describes the calls that the parameters ask for.</summary>
    /// <exception cref="DrmmException">A parameter is refused; that is reported, and nothing is sent.</exception>
    private protected abstract IEnumerable<Call> DescribeScope();

    private protected sealed override IEnumerable<Call> DescribeAll() =>
        ParameterSetName == InputSet
            ? DescribeInput(Input.Of(InputObject, Noun)).Select(call => call.For(InputObject))
            : DescribeScope();
}
