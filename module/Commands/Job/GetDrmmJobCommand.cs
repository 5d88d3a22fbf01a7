using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets jobs by their uids, and so says whether they have ended.</summary>
/// <remarks>
/// <para>Gives a job's number, name, uid, status (active or completed) and when it was created, in Unix milliseconds.
/// The API has no list of jobs: a job's uid is known from Start-DrmmQuickJob or from the web portal.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmJob $jobUid</code>
/// <para>Says how the job stands.</para>
/// </example>
/// <example>
/// <code>$jobUid | Get-DrmmJob | ForEach-Object { $_.GetTime('dateCreated') }</code>
/// <para>Says when it was created, in local time.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmJob", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.Job")]
public sealed class GetDrmmJobCommand : DrmmPipelineCommand
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

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Jobs.One(input.Uid(Noun.Job))];

    private protected override IEnumerable<Call> DescribeScope() => Each(nameof(JobUid), JobUid, Jobs.One);
}
