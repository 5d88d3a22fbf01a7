using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The base of commands about a job on a device: both from parameters, from the pipeline, or one of each.</summary>
public abstract class JobOnDeviceCommand : DrmmPipelineCommand
{
    private protected const string UidSet = "Uid";

    /// <summary>
    /// The uid of the job. With it, devices or their uids can be piped in; without it, what Start-DrmmQuickJob gave.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Job)]
    public string? JobUid { get; set; }

    /// <summary>The uids of the devices. With them, jobs or their uids can be piped in.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UidSet)]
    [Parameter(ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    private protected sealed override Noun Noun => IsBound(nameof(JobUid)) ? Noun.Device : Noun.Job;

    /// <summary>Describes the calls for a job on a device.</summary>
    private protected abstract IEnumerable<Call> Describe(string jobUid, string deviceUid);

    private protected sealed override IEnumerable<Call> DescribeInput(Input input) =>
        (IsBound(nameof(JobUid)), IsBound(nameof(DeviceUid))) switch
        {
            (true, true) => throw new DrmmException(ErrorKind.InvalidArgument, Messages.InputBesideUids)
            {
                Target = InputObject,
            },
            (true, false) => Describe(Required(nameof(JobUid), JobUid), input.Uid(Noun.Device)),
            (false, true) => OnEach(input.Uid(Noun.Job)),
            _ => Describe(input.Uid(Noun.Job), input.Uid(Noun.Device)),
        };

    private protected sealed override IEnumerable<Call> DescribeScope() => OnEach(Required(nameof(JobUid), JobUid));

    private IEnumerable<Call> OnEach(string jobUid) =>
        Each(nameof(DeviceUid), DeviceUid, deviceUid => Describe(jobUid, deviceUid));
}
