using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the components that a job runs, with the values of their variables.</summary>
/// <remarks>
/// <para>Gives the uid, name and variables of each component, and the job's uid as jobUid.</para>
/// <para>The values of variables may be secrets: they are what the job was started with.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmJobComponent $jobUid</code>
/// <para>Shows what the job runs.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmJobComponent -JobUid $jobUid).variables</code>
/// <para>Shows the variables of all its components.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmJobComponent", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.JobComponent")]
public sealed class GetDrmmJobComponentCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Job)]
    public string?[]? JobUid { get; set; }

    private protected override Noun Noun => Noun.Job;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Of(input.Uid(Noun.Job))];

    private protected override IEnumerable<Call> DescribeScope() => Each(nameof(JobUid), JobUid, Of);

    private static Call Of(string uid) => Jobs.Components(uid).With("jobUid", uid);
}
