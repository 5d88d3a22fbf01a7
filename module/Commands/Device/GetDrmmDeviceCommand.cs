using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Gets devices: of the account, of a site, by filter, or single ones.</summary>
/// <remarks>
/// <para>
/// Without parameters all devices of the account come, page by page while the next pages are fetched. -Hostname,
/// -DeviceType, -OperatingSystem and -SiteName let the service choose: each takes a part of the name, in any case.
/// -FilterId takes the number of a device filter (see Get-DrmmFilter) and goes with -SiteUid, not with these.
/// </para>
/// <para>
/// Single devices come by uid, by number or by MAC address, several side by side and in the order asked for. From the
/// pipeline come sites (their devices), devices and alerts (that device, read again), or uids as text.
/// </para>
/// <para>
/// Times such as lastSeen are numbers, milliseconds since 1970 in UTC; $device.GetTime('lastSeen') gives them as a
/// local DateTime, and tables show them so. User-defined fields are texts in udf: $device.udf.udf5. With -TypedUdf they
/// come as a list udfs instead, each with ordinal, type, label and a value of that type, from version 3 of the API.
/// </para>
/// <para>
/// A list ends as soon as a later command has enough: Get-DrmmDevice | Select-Object -First 5 costs one request. Inputs
/// are worked on side by side, ahead of what a later command reads: with -PipelineVariable use -ThrottleLimit 1.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmDevice -OperatingSystem 'Windows 11' -SiteName Berlin</code>
/// <para>Gets devices of the account that the service picks by parts of names.</para>
/// </example>
/// <example>
/// <code>Get-DrmmSite -Name 'A*' | Get-DrmmDevice | Where-Object online</code>
/// <para>Gets the devices of some sites that are online now.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice -DeviceUid $deviceUid</code>
/// <para>Gets one device.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmDevice $deviceUid -TypedUdf).udfs | Where-Object type -EQ 'DATE'</code>
/// <para>Shows the user-defined fields of a device that hold dates, with their labels.</para>
/// </example>
/// <example>
/// <code>
/// Get-DrmmDevice -Property hostname, lastSeen, udf.udf5 | Where-Object { -not $_.'udf.udf5' } |
///     Get-DrmmAlert
/// </code>
/// <para>
/// Gets the alerts of devices whose fifth user-defined field is empty. What is not named is not even read, which makes
/// a long list quicker; such devices can be piped on as whole ones can.
/// </para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmDevice", DefaultParameterSetName = AccountSet)]
[OutputType("DattoRMM.Device")]
public sealed class GetDrmmDeviceCommand : DrmmPipelineListCommand
{
    private const string AccountSet = "Account";
    private const string UidSet = "Uid";
    private const string SiteSet = "Site";
    private const string FilterSet = "Filter";
    private const string IdSet = "Id";
    private const string MacSet = "Mac";

    /// <summary>The uids of single devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UidSet)]
    [Alias("d", "de", "dev", "devi", "devic", "device")]
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

    /// <summary>The numbers of single devices.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Text]
    public string?[]? DeviceId { get; set; }

    /// <summary>MAC addresses; an address may be known of several devices.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MacSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Text]
    public string?[]? MacAddress { get; set; }

    /// <summary>The number of a device filter, which picks devices of the account or the site.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FilterSet)]
    [Parameter(ParameterSetName = SiteSet)]
    [Parameter(ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [ArgumentCompleter(typeof(FilterIdCompleter))]
    public string? FilterId { get; set; }

    /// <summary>A part of the host name.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Text]
    public string? Hostname { get; set; }

    /// <summary>A part of the device type.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Text]
    public string? DeviceType { get; set; }

    /// <summary>A part of the operating system's name.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Text]
    public string? OperatingSystem { get; set; }

    /// <summary>A part of the site's name.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Text]
    [ArgumentCompleter(typeof(SiteNameCompleter))]
    public string? SiteName { get; set; }

    /// <summary>
    /// Gives each device a list udfs, with number, type, label and value of its user-defined fields, in place of udf.
    /// </summary>
    [Parameter]
    public SwitchParameter TypedUdf { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) => input.Noun switch
    {
        Noun.Site => [Devices.OfSite(input.Uid(Noun.Site), Narrowing(nameof(FilterId), FilterId), TypedUdf)],
        _ when IsBound(nameof(FilterId)) =>
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.FilterOfDevice) { Target = InputObject },
        _ => [One(input.Uid(Noun.Device))],
    };

    private protected override IEnumerable<Call> DescribeScope() => ParameterSetName switch
    {
        UidSet => Each(nameof(DeviceUid), DeviceUid, One),
        IdSet => Each(nameof(DeviceId), DeviceId, id => Devices.By("device/id/{}", id, TypedUdf)),
        MacSet => Each(nameof(MacAddress), MacAddress, mac => Devices.By("device/macAddress/{}", mac, TypedUdf)),
        SiteSet =>
            [Devices.OfSite(Required(nameof(SiteUid), SiteUid), Narrowing(nameof(FilterId), FilterId), TypedUdf)],
        FilterSet => [Devices.OfAccount(Required(nameof(FilterId), FilterId), TypedUdf)],
        _ => [Devices.OfAccount(null, TypedUdf)
            .Query("hostname", Narrowing(nameof(Hostname), Hostname))
            .Query("deviceType", Narrowing(nameof(DeviceType), DeviceType))
            .Query("operatingSystem", Narrowing(nameof(OperatingSystem), OperatingSystem))
            .Query("siteName", Narrowing(nameof(SiteName), SiteName))],
    };

    private Call One(string uid) => Devices.By("device/{}", uid, TypedUdf);
}
