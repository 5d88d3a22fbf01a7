using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets what came of a job on a device.</summary>
/// <remarks>
/// <para>Gives jobDeploymentStatus (Pending, Running, Success, Warning, Failure, Expired or Retired), when it ran
/// (ranOn, in Unix milliseconds), and for each component how it ended and whether it wrote output or errors.
/// Get-DrmmJobOutput reads those.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmJobResult $jobUid $deviceUid</code>
/// <para>Says what came of the job on this device.</para>
/// </example>
/// <example>
/// <code>$deviceUid | Get-DrmmJobResult -JobUid $jobUid | ForEach-Object componentResults</code>
/// <para>Shows the components of a job on each device that is piped in.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmJobResult", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.JobResult")]
public sealed class GetDrmmJobResultCommand : JobOnDeviceCommand
{
    private protected override IEnumerable<Call> Describe(string jobUid, string deviceUid) =>
        [Jobs.Result(jobUid, deviceUid)];
}
