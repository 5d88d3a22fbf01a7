using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Resolves alerts.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "DrmmAlert", SupportsShouldProcess = true, DefaultParameterSetName = UidSet)]
[OutputType(typeof(void))]
public sealed class ResolveDrmmAlertCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the alerts.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Alert)]
    public string?[]? AlertUid { get; set; }

    private protected override Noun Noun => Noun.Alert;

    private protected override IEnumerable<Call> DescribeInput(Input input) => [Alerts.Resolve(input.Uid(Noun.Alert))];

    private protected override IEnumerable<Call> DescribeScope() =>
        Each(nameof(AlertUid), AlertUid, Alerts.Resolve);
}
