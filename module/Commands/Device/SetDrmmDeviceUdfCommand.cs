using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Sets or deletes user-defined fields of devices.</summary>
/// <remarks>
/// <para>
/// There are 300 fields. What is not named keeps its value; null or an empty text deletes. -Udf takes a table with the
/// numbers of the fields, written 5, '5' or 'udf5'; -Udf1 to -Udf30 take one value each, also by position.
/// </para>
/// <para>
/// Objects from the pipeline say their device by a property deviceUid, or are devices. Their properties udf1 to udf300
/// are set, as Import-Csv gives them for columns of these names. Empty ones are passed over, since the API deletes on
/// empty; -ClearEmpty sends them too. A row whose columns are all empty is passed over (-Verbose says so); one
/// that has no such column is an error. What a parameter sets goes before a column. The udf object of a
/// device is never taken.
/// </para>
/// <para>
/// Values are sent as texts, which the service reads into the type that the account has set for the field: true and
/// false, numbers with a decimal point, a day as yyyy-MM-dd. One that does not fit is stored as a text all the same.
/// With -Typed each value is sent as what it is here: text, boolean, number or date (the day of a DateTime), and
/// the service refuses one of another type than the field's. The type of a value alone never decides that: a
/// script that sets 7 works whatever type the field has. Columns of a CSV file are text, so -Typed suits text fields
/// only there.
/// </para>
/// <para>
/// With -DeviceUid and values one by one, what comes out is the text of the answer, which is empty, as with the gallery
/// module; with -Udf or from the pipeline nothing comes out. -WhatIf names device and fields, never a value.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-DrmmDeviceUdf -DeviceUid $deviceUid -Udf @{ 5 = 'Rack 12'; 7 = $null }</code>
/// <para>Sets field 5 and deletes field 7.</para>
/// </example>
/// <example>
/// <code>[pscustomobject]@{ deviceUid = $deviceUid; udf31 = 'A-1047'; udf32 = '' } | Set-DrmmDeviceUdf</code>
/// <para>
/// Sets field 31; the empty column is passed over. Import-Csv udf.csv | Set-DrmmDeviceUdf does the same for each row of
/// a file with columns such as deviceUid, udf31 and udf32.
/// </para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice -SiteUid $siteUid | Set-DrmmDeviceUdf -Udf @{ 13 = $true; 15 = 4.5 } -Typed</code>
/// <para>Sets a boolean and a number on each device of a site; a field that is set up as text would refuse them.</para>
/// </example>
/// <example>
/// <code>Set-DrmmDeviceUdf $deviceUid 'first' 'second'</code>
/// <para>Sets fields 1 and 2 by position, as scripts for the gallery module do.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmDeviceUdf", SupportsShouldProcess = true, DefaultParameterSetName = FieldsSet)]
[OutputType(typeof(string), ParameterSetName = new[] { FieldsSet })]
public sealed partial class SetDrmmDeviceUdfCommand : DrmmPipelineCommand
{
    private const string FieldsSet = "Fields";
    private const string TableSet = "Table";

    /// <summary>The uids of the devices.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FieldsSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TableSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>Values by the numbers of their fields, 1 to 300, such as @{ 5 = 'text'; udf7 = $null }.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TableSet)]
    [Parameter(ParameterSetName = InputSet)]
    [AllowNull]
    [UdfTable]
    public IDictionary? Udf { get; set; }

    /// <summary>Deletes the fields whose columns are empty in an object from the pipeline.</summary>
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter ClearEmpty { get; set; }

    /// <summary>Sends each value as what it is; the service refuses one that is not of its field's type.</summary>
    [Parameter]
    public SwitchParameter Typed { get; set; }

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input)
    {
        string uid = input.Uid(Noun.Device);
        UdfValues values = Named();
        bool hasColumns = values.AddColumns(InputObject, ClearEmpty);
        if (!values.IsEmpty)
        {
            return [Devices.SetUdf(uid, values, Typed)];
        }
        if (!hasColumns)
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NoUdf) { Target = InputObject };
        }
        WriteVerbose(Messages.NothingToSet(uid));
        return [];
    }

    private protected override IEnumerable<Call> DescribeScope()
    {
        UdfValues values = Named();
        if (values.IsEmpty && Typed)
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NoUdf);
        }
        return Each(nameof(DeviceUid), DeviceUid, uid => ParameterSetName == FieldsSet
            ? Devices.SetUdf(uid, values, Typed).Text()
            : Devices.SetUdf(uid, values, Typed));
    }

    /// <summary>What the parameters set: -Udf, and the fields by name or position.</summary>
    private UdfValues Named()
    {
        UdfValues values = new();
        if (IsBound(nameof(Udf)))
        {
            values.With(Udf is { Count: > 0 } table
                ? table
                : throw new DrmmException(ErrorKind.InvalidArgument, Messages.Empty(nameof(Udf))));
        }
        return values.With(MyInvocation.BoundParameters
            .Where(parameter => UdfValues.IsField(parameter.Key))
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value));
    }
}
