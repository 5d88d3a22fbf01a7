using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Resolves alerts.</summary>
/// <remarks>
/// <para>
/// One request an alert is made, one after the other, in the order of the input. -ThrottleLimit lets so many be on
/// their way at once. The API answers with nothing, and so does this command; a resolved alert stays among those of
/// Get-DrmmAlert -Status Resolved.
/// </para>
/// <para>
/// Only alerts can be piped in, or their uids: a site or a device is refused, so that nobody resolves all of its alerts
/// by accident. An alert that cannot be resolved is an error, and the others go on.
/// </para>
/// </remarks>
/// <example>
/// <code>Resolve-DrmmAlert $alertUid</code>
/// <para>Resolves one alert.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAlert -Priority Information | Resolve-DrmmAlert -ThrottleLimit 4 -WhatIf</code>
/// <para>Says which alerts would be resolved, four at a time.</para>
/// </example>
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
