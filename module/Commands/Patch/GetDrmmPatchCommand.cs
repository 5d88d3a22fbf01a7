using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the patches of devices or of sites.</summary>
/// <remarks>
/// <para>
/// For a device each patch says whether it is installed there. For a site each patch says on how many devices it is in
/// that state; it comes once for each state. Lists are read page by page.
/// </para>
/// <para>The last property, deviceUid or siteUid, says whose patch it is.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmPatch -DeviceUid $deviceUid -InstallStatus APPROVED_PENDING</code>
/// <para>Gets the patches that wait for their installation on one device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmPatch -InstallStatus NOT_APPROVED | Where-Object severity -eq CRITICAL</code>
/// <para>Gets the critical patches of all sites that nobody has approved.</para>
/// </example>
/// <example>
/// <code>Get-DrmmPatch -SiteUid $siteUid -Property title, severity, installStatus</code>
/// <para>Lists the patches of a site in three columns.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmPatch", DefaultParameterSetName = DeviceSet)]
[OutputType("DattoRMM.Patch", "DattoRMM.SitePatch")]
public sealed class GetDrmmPatchCommand : DrmmPipelineListCommand
{
    private const string DeviceSet = "Device";
    private const string SiteSet = "Site";

    /// <summary>The uids of the devices whose patches to get.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = DeviceSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>The uids of the sites whose patches to get.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SiteSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Site)]
    public string?[]? SiteUid { get; set; }

    /// <summary>Only patches in this state: INSTALLED, APPROVED_PENDING or NOT_APPROVED.</summary>
    [Parameter]
    [ValidateSet("INSTALLED", "APPROVED_PENDING", "NOT_APPROVED")]
    [Text]
    public string? InstallStatus { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [input.Noun == Noun.Site ? OfSite(input.Uid(Noun.Site)) : OfDevice(input.Uid(Noun.Device))];

    private protected override IEnumerable<Call> DescribeScope() =>
        ParameterSetName == SiteSet
            ? Each(nameof(SiteUid), SiteUid, OfSite)
            : Each(nameof(DeviceUid), DeviceUid, OfDevice);

    private Call OfDevice(string uid) =>
        Patches.OfDevice(uid, InstallStatus?.ToUpperInvariant()).With("deviceUid", uid);

    private Call OfSite(string uid) =>
        Patches.OfSite(uid, InstallStatus?.ToUpperInvariant()).With("siteUid", uid);
}
