using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets devices with their network interfaces.</summary>
/// <remarks>
/// <para>
/// Each object is a device in short: who and where it is, its internal and external address, and nics, a list of its
/// interfaces with instance, ipv4, ipv6, macAddress and type.
/// </para>
/// <para>
/// The API lists them by site only. For single devices each site's list is read once a command, and each device taken
/// from it: a hundred devices of one site cost one list, not a hundred requests. A device that does not say its site,
/// or is no longer there, is looked up first. One that its site does not list is an error.
/// </para>
/// <para>The objects can be piped into commands that take devices.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmNetworkInterface -SiteUid $siteUid | Where-Object { $_.nics.macAddress -eq '0C9D92000007' }</code>
/// <para>Finds the devices of a site that have a certain MAC address.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmNetworkInterface -DeviceUid $deviceUid).nics</code>
/// <para>Shows the interfaces of one device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite | Get-DrmmNetworkInterface | ForEach-Object { $_.nics.Count }</code>
/// <para>Counts the interfaces of all devices of the account.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmNetworkInterface", DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.DeviceNetworkInterface")]
public sealed class GetDrmmNetworkInterfaceCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";
    private const string SiteSet = "Site";

    private readonly Dictionary<string, Dictionary<string, PSObject>> _sites = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The uids of single devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>The uid of the site whose devices to get.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SiteSet)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Site)]
    public string? SiteUid { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
    [
        input.Noun == Noun.Site
            ? NetworkInterfaces.OfSite(input.Uid(Noun.Site))
            : OfDevice(input.Uid(Noun.Device), input.Find(Noun.Site)),
    ];

    private protected override IEnumerable<Call> DescribeScope() => ParameterSetName == SiteSet
        ? [NetworkInterfaces.OfSite(Required(nameof(SiteUid), SiteUid))]
        : Each(nameof(DeviceUid), DeviceUid, uid => OfDevice(uid, null));

    private Call OfDevice(string uid, string? siteUid) =>
        Call.Deferred(() => Call.Result([Find(uid, siteUid)])).For(uid, Messages.Device(uid));

    /// <summary>
    /// The device's entry in the list of the site that it was said to be in, else of the one it is in.
    /// </summary>
    private PSObject Find(string uid, string? siteUid)
    {
        if (siteUid != null && Site(siteUid).TryGetValue(uid, out PSObject? found))
        {
            return found;
        }
        string current = Input.Of(Read(Devices.One(uid)).FirstOrDefault(), Noun.Device).Uid(Noun.Site);
        return Site(current).TryGetValue(uid, out found)
            ? found
            : throw new DrmmException(ErrorKind.NotFound, Messages.NoInterfaces(uid, current)) { Target = uid };
    }

    private Dictionary<string, PSObject> Site(string uid)
    {
        if (!_sites.TryGetValue(uid, out Dictionary<string, PSObject>? devices))
        {
            devices = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
            foreach (PSObject device in Read(NetworkInterfaces.OfSite(uid)))
            {
                devices[Input.Of(device, Noun.Device).Uid(Noun.Device)] = device;
            }
            _sites.Add(uid, devices);
        }
        return devices;
    }
}
