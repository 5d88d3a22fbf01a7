using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>As <see cref="DrmmListCommand"/>, for lists of what comes from the pipeline.</summary>
public abstract class DrmmPipelineListCommand : DrmmPipelineCommand
{
    /// <summary>
    /// The properties to get, in this order; udf.udf5 is the field udf5 of udf. The rest is not even read.
    /// </summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Text]
    public string?[]? Property { get; set; }

    private protected sealed override Call Complete(Call call) =>
        IsBound(nameof(Property)) ? call.Project(Property) : call;
}
