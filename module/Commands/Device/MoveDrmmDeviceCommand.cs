using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Moves devices to another site.</summary>
/// <remarks>
/// <para>
/// -SiteUid takes the uid of the site that they go to, or the site itself. Devices come by uid or from the pipeline:
/// as devices, as alerts (then it is the alert's device), or as objects with a property deviceUid. A site in the
/// pipeline is refused, since it is no device. Nothing comes out.
/// </para>
/// <para>
/// They are moved one after the other; -ThrottleLimit moves several side by side. A device that cannot be moved is an
/// error of its own, and the others go on.
/// </para>
/// </remarks>
/// <example>
/// <code>Move-DrmmDevice -DeviceUid $deviceUid -SiteUid $siteUid</code>
/// <para>Moves one device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice -Hostname kiosk | Move-DrmmDevice -SiteUid $siteUid -WhatIf</code>
/// <para>Shows which devices would be moved; nothing is sent.</para>
/// </example>
[Cmdlet(VerbsCommon.Move, "DrmmDevice", SupportsShouldProcess = true, DefaultParameterSetName = UidSet)]
[OutputType(typeof(void))]
public sealed class MoveDrmmDeviceCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>The uids of the devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>The uid of the site that they go to.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UidSet)]
    [Parameter(Mandatory = true, ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Device;

    private string Target => Required(nameof(SiteUid), SiteUid);

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [Devices.Move(input.Uid(Noun.Device), Target)];

    private protected override IEnumerable<Call> DescribeScope() =>
        Each(nameof(DeviceUid), DeviceUid, uid => Devices.Move(uid, Target));
}
