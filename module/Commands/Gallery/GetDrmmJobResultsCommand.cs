using System;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets what came of a job on a device, or what it wrote there.</summary>
/// <remarks>
/// <para>Get-DrmmJobResult and Get-DrmmJobOutput do the same, also for several devices and from the pipeline.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmJobResults $jobUid $deviceUid</code>
/// <para>Says what came of the job on this device.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmJobResults -jobUid $jobUid -deviceUid $deviceUid -resultType StdOut).stdData</code>
/// <para>Shows what the job wrote.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmJobResults")]
[OutputType("DattoRMM.JobResult", "DattoRMM.JobOutput")]
public sealed class GetDrmmJobResultsCommand : DrmmCommand
{
    /// <summary>The uid of the job.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Job)]
    public string? JobUid { get; set; }

    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <summary>The output or the errors; without it, the result.</summary>
    [Parameter(Position = 2)]
    [ValidateSet(nameof(JobStream.StdOut), nameof(JobStream.StdErr))]
    [Text]
    public string? ResultType { get; set; }

    /// <inheritdoc/>
    protected override Call Describe()
    {
        string job = Required(nameof(JobUid), JobUid);
        string device = Required(nameof(DeviceUid), DeviceUid);
        return ResultType == null
            ? Jobs.Result(job, device)
            : Jobs.Output(job, device, (JobStream)Enum.Parse(typeof(JobStream), ResultType, ignoreCase: true));
    }
}
