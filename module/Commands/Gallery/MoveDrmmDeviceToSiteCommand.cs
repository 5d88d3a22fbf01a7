using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Moves a device to another site and gives the answer's text, which is empty.</summary>
/// <remarks>
/// <para>For scripts of the gallery module; Move-DrmmDevice takes many devices, also from the pipeline.</para>
/// </remarks>
/// <example>
/// <code>Move-DrmmDeviceToSite -deviceUid $deviceUid -siteUid $siteUid</code>
/// <para>Moves a device.</para>
/// </example>
/// <example>
/// <code>Move-DrmmDeviceToSite $deviceUid $siteUid -WhatIf</code>
/// <para>Shows what would be done; nothing is sent.</para>
/// </example>
[Cmdlet(VerbsCommon.Move, "DrmmDeviceToSite", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class MoveDrmmDeviceToSiteCommand : DrmmCommand
{
    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <summary>The uid of the site that it goes to.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Devices.Move(Required(nameof(DeviceUid), DeviceUid), Required(nameof(SiteUid), SiteUid)).Text();
}
