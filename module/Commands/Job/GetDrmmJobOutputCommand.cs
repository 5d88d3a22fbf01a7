using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets what the components of a job wrote on a device.</summary>
/// <remarks>
/// <para>Gives an object for each component that wrote something: its uid and name, the text as stdData, and which
/// job, device and stream it is of.</para>
/// </remarks>
/// <example>
/// <code>(Get-DrmmJobOutput $jobUid $deviceUid -Stream StdOut).stdData</code>
/// <para>Shows the output as text.</para>
/// </example>
/// <example>
/// <code>Get-DrmmJobOutput -JobUid $jobUid -DeviceUid $deviceUid | Where-Object stream -eq StdErr</code>
/// <para>Shows the errors, with the component that each is of.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmJobOutput", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.JobOutput")]
public sealed class GetDrmmJobOutputCommand : JobOnDeviceCommand
{
    /// <summary>Output (StdOut), errors (StdErr), or both, which is the default.</summary>
    [Parameter]
    public JobStream Stream { get; set; } = JobStream.All;

    private protected override IEnumerable<Call> Describe(string jobUid, string deviceUid)
    {
        JobStream[] streams = Stream == JobStream.All ? [JobStream.StdOut, JobStream.StdErr] : [Stream];
        return streams.Select(stream => Jobs.Output(jobUid, deviceUid, stream)
            .With("jobUid", jobUid)
            .With("deviceUid", deviceUid)
            .With("stream", stream.ToString()));
    }
}
