using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Sets or clears the day on which the warranty of devices ends.</summary>
/// <remarks>
/// <para>
/// The API takes a day as yyyy-MM-dd. -WarrantyDate is a DateTime, of which the day is taken, or a text: one that
/// begins with the year means the same everywhere, any other is read as the dates of this session's culture are. A
/// text that could be two different days is refused, such as 01/02/2027 where the day comes first, or 01.02.2027 where
/// the month does, and so is one without the four digits of its year.
/// </para>
/// <para>
/// -Clear takes the date away. A -WarrantyDate that is null or empty is refused, so that a column that is not there
/// clears nothing. The warranty date that a piped device has is not looked at.
/// </para>
/// <para>
/// With -DeviceUid and -WarrantyDate the text of the answer comes out, which is empty, as with the gallery module;
/// otherwise nothing comes out.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-DrmmDeviceWarranty -DeviceUid $deviceUid -WarrantyDate 2027-12-31</code>
/// <para>Sets the date of one device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice -SiteUid $siteUid | Set-DrmmDeviceWarranty -WarrantyDate ([datetime]::Today.AddYears(3))</code>
/// <para>Gives all devices of a site three years from today.</para>
/// </example>
/// <example>
/// <code>Set-DrmmDeviceWarranty -DeviceUid $deviceUid -Clear</code>
/// <para>Takes the date away.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmDeviceWarranty", SupportsShouldProcess = true, DefaultParameterSetName = DateSet)]
[OutputType(typeof(string), ParameterSetName = new[] { DateSet })]
public sealed class SetDrmmDeviceWarrantyCommand : DrmmPipelineCommand
{
    private const string DateSet = "Date";
    private const string ClearSet = "Clear";

    /// <summary>The uids of the devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = DateSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ClearSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>The day, as a DateTime or as text such as 2027-12-31.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = DateSet)]
    [Parameter(ParameterSetName = InputSet)]
    [AllowNull]
    [AllowEmptyString]
    public object? WarrantyDate { get; set; }

    /// <summary>Takes the date away.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ClearSet)]
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter Clear { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [Devices.SetWarranty(input.Uid(Noun.Device), Day())];

    private protected override IEnumerable<Call> DescribeScope()
    {
        string? day = Day();
        return Each(nameof(DeviceUid), DeviceUid, uid => ParameterSetName == DateSet
            ? Devices.SetWarranty(uid, day).Text()
            : Devices.SetWarranty(uid, day));
    }

    /// <summary>The day to set; null to clear it.</summary>
    private string? Day() => (IsBound(nameof(WarrantyDate)), Clear.IsPresent) switch
    {
        (true, false) => Client.Day.Of(Given()),
        (false, true) => null,
        _ => throw new DrmmException(ErrorKind.InvalidArgument, Messages.WarrantyOrClear),
    };

    private object Given() =>
        WarrantyDate is { } date && !string.IsNullOrWhiteSpace(date.ToString())
            ? date
            : throw new DrmmException(ErrorKind.InvalidArgument, Messages.WarrantyEmpty(nameof(WarrantyDate)));
}
