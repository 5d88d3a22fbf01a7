using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>Which alerts to get.</summary>
public enum AlertStatus
{
    /// <summary>Those that are not resolved.</summary>
    Open,

    /// <summary>Those that are resolved.</summary>
    Resolved,

    /// <summary>First the open ones, then the resolved ones.</summary>
    All,
}

/// <summary>Gets alerts: of the account, of a site, of a device, or single ones.</summary>
/// <remarks>
/// <para>
/// Open alerts come unless -Status says otherwise, newest first. Each names its device and its site in alertSourceInfo,
/// and what raised it in alertContext; its method GetMessage() says the latter in one line. Times are Unix
/// milliseconds; GetTime('timestamp') gives them as local time.
/// </para>
/// <para>
/// Lists are read page by page. -Muted is answered by the API; -Priority and -After are looked at here. With -After the
/// reading ends after a page of older alerts only, so that recent alerts of a long list cost a few requests.
/// </para>
/// <para>Sites, devices and alerts can be piped in; several are asked for side by side.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAlert -Priority Critical, High | ForEach-Object { $_.GetMessage() }</code>
/// <para>Says what the urgent open alerts are about.</para>
/// </example>
/// <example>
/// <code>Get-DrmmAlert -Status All -After ([datetime]::Now.AddDays(-1))</code>
/// <para>Gets the alerts that were raised within the last day, open or resolved.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'Acme*' | Get-DrmmDevice | Get-DrmmAlert | Where-Object priority -eq Critical</code>
/// <para>Gets the critical alerts of the devices of some sites.</para>
/// </example>
/// <example>
/// <code>
/// Get-DrmmAlert -Property priority, alertSourceInfo.deviceName, timestamp |
///     Export-Csv alerts.csv -NoTypeInformation -Encoding UTF8
/// </code>
/// <para>Writes three fields of each open alert into a file. What is not named is not even read.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmAlert", DefaultParameterSetName = AccountSet)]
[OutputType("DattoRMM.Alert")]
public sealed class GetDrmmAlertCommand : DrmmPipelineListCommand
{
    private const string AccountSet = "Account";
    private const string UidSet = "Uid";
    private const string SiteSet = "Site";
    private const string DeviceSet = "Device";

    /// <summary>The uids of single alerts.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [Alias("a")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Alert)]
    public string?[]? AlertUid { get; set; }

    /// <summary>The uid of the site whose alerts to get.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SiteSet)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <summary>The uid of the device whose alerts to get.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeviceSet)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <summary>Open alerts (the default), resolved ones, or all.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Parameter(ParameterSetName = SiteSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = InputSet)]
    public AlertStatus Status { get; set; }

    /// <summary>Only muted alerts; <c>-Muted:$false</c> gets only those that are not.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Parameter(ParameterSetName = SiteSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter Muted { get; set; }

    /// <summary>Only alerts of these priorities.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Parameter(ParameterSetName = SiteSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = InputSet)]
    [ValidateSet("Critical", "High", "Moderate", "Low", "Information", "Unknown")]
    [Text]
    public string[]? Priority { get; set; }

    /// <summary>Only alerts that were raised at this time or later; without a time zone it is local time.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Parameter(ParameterSetName = SiteSet)]
    [Parameter(ParameterSetName = DeviceSet)]
    [Parameter(ParameterSetName = InputSet)]
    public DateTime After { get; set; }

    private protected override Noun Noun => Noun.Alert;

    private protected override IEnumerable<Call> DescribeInput(Input input) => input.Noun switch
    {
        Noun.Site => OfSite(input.Uid(Noun.Site)),
        Noun.Device => OfDevice(input.Uid(Noun.Device)),
        _ when IsBound(nameof(Status)) || IsBound(nameof(Muted)) =>
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.StatusOfAlert) { Target = InputObject },
        _ => [OfPriority(Alerts.One(input.Uid(Noun.Alert)))
            .Where(IsBound(nameof(After)) ? Alerts.IsRecent(After) : null, Alerts.Raised)],
    };

    private protected override IEnumerable<Call> DescribeScope() => ParameterSetName switch
    {
        UidSet => Each(nameof(AlertUid), AlertUid, Alerts.One),
        SiteSet => OfSite(Required(nameof(SiteUid), SiteUid)),
        DeviceSet => OfDevice(Required(nameof(DeviceUid), DeviceUid)),
        _ => Lists(Alerts.OfAccount),
    };

    private IEnumerable<Call> OfSite(string uid) => Lists(status => Alerts.OfSite(uid, status));

    private IEnumerable<Call> OfDevice(string uid) => Lists(status => Alerts.OfDevice(uid, status));

    /// <summary>The list or lists that <see cref="Status"/> asks for, narrowed by the other parameters.</summary>
    private IEnumerable<Call> Lists(Func<string, Call> list)
    {
        string[] statuses = Status switch
        {
            AlertStatus.Open => ["open"],
            AlertStatus.Resolved => ["resolved"],
            _ => ["open", "resolved"],
        };
        string? muted = IsBound(nameof(Muted)) ? (Muted ? "true" : "false") : null;
        return statuses.Select(status => OfPriority(list(status).Query("muted", muted)))
            .Select(alerts => IsBound(nameof(After)) ? Alerts.Recent(alerts, After) : alerts);
    }

    private Call OfPriority(Call alerts) =>
        Priority == null
            ? alerts
            : alerts.Where(alert => Priority.Contains(
                HiddenFields.Read(alert, "priority") as string, StringComparer.OrdinalIgnoreCase), "priority");
}
