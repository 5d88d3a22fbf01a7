using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets a job, and so says whether it has ended.</summary>
/// <remarks><para>Get-DrmmJob does the same, also for several jobs.</para></remarks>
/// <example>
/// <code>Get-DrmmJobStatus $jobUid</code>
/// <para>Says how the job stands.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmJobStatus -jobUid $jobUid).status -eq 'completed'</code>
/// <para>Says whether it has ended.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmJobStatus")]
[OutputType("DattoRMM.Job")]
public sealed class GetDrmmJobStatusCommand : DrmmCommand
{
    /// <summary>The uid of the job.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Job)]
    public string? JobUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() => Jobs.One(Required(nameof(JobUid), JobUid));
}
