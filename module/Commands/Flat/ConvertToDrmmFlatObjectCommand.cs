using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>Makes flat rows of devices and other objects, for CSV files, databases and spreadsheets.</summary>
/// <remarks>
/// <para>
/// A field within a field becomes a column of its own, named by its path: antivirus.antivirusStatus. All rows of a
/// pipeline have the same columns in the same order, so that Export-Csv, which takes those of the first row, loses
/// none; what an object does not have is null. Numbers and truth values stay what they are.
/// </para>
/// <para>
/// With -Property, rows come out as objects come in. Without it, or with -UseUdfLabel, no row comes out until the last
/// object has been read, because any object may add a column.
/// </para>
/// <para>
/// Times become local DateTime values, or with -TimeFormat Iso8601 text in UTC. Export-Csv writes a DateTime as the
/// culture has it, so Iso8601 suits files and Local suits databases and spreadsheets. A day without a time of day, such
/// as warrantyDate, stays the text yyyy-MM-dd. A field that should hold a time and holds something else stays as it is.
/// </para>
/// <para>
/// Excel recognises UTF-8 by its byte-order mark only. Export-Csv writes one with -Encoding UTF8 in Windows PowerShell,
/// and with -Encoding utf8BOM in PowerShell 7. Where Excel separates columns by semicolons, add -UseCulture.
/// </para>
/// <para>
/// A list becomes one text: its elements with -ListSeparator between them. A list of objects has a column for each of
/// their fields (nics.macAddress); an element that lacks one leaves its place empty, so the second address belongs to
/// the second name. Lists within lists run together. Times in lists are text. An empty list is null.
/// </para>
/// <para>
/// User-defined fields are columns udf.udf1 and so on, also those of Get-DrmmDevice -TypedUdf, which have values of
/// their types. -UdfLabel gives them names of yours, -UseUdfLabel those that the account has set, which the API tells
/// with -TypedUdf only. Where a label would be the name of another column, the field is named behind it in brackets.
/// </para>
/// <para>
/// Rows can be piped on to other commands of the module, as the objects that they were made of. Nothing is asked of the
/// API.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// Get-DrmmDevice | ConvertTo-DrmmFlatObject -TimeFormat Iso8601 |
///     Export-Csv devices.csv -NoTypeInformation -Encoding UTF8
/// </code>
/// <para>Writes all devices with all of their fields to a file.</para>
/// </example>
/// <example>
/// <code>
/// Get-DrmmDevice |
///     ConvertTo-DrmmFlatObject -Property hostname, lastSeen, udf.udf5 -UdfLabel @{ 5 = 'Asset tag' } |
///     Where-Object 'Asset tag'
/// </code>
/// <para>Gives three columns of each device, while devices are still being read.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice -TypedUdf | ConvertTo-DrmmFlatObject -UseUdfLabel</code>
/// <para>Gives user-defined fields with their types and under the names that the account has set.</para>
/// </example>
/// <example>
/// <code>Get-DrmmNetworkInterface -SiteUid $siteUid | ConvertTo-DrmmFlatObject -ListSeparator ', '</code>
/// <para>Gives a row for each device, with the addresses of all its interfaces in one column.</para>
/// </example>
/// <seealso cref="GetDrmmDeviceCommand"/>
/// <seealso cref="SetDrmmDeviceUdfCommand"/>
[Cmdlet(VerbsData.ConvertTo, "DrmmFlatObject")]
[OutputType(typeof(PSCustomObject))]
public sealed class ConvertToDrmmFlatObjectCommand : PSCmdlet
{
    private readonly List<KeyValuePair<string?, object?[]>> _rows = [];
    private Dictionary<string, string> _labels = null!;
    private FlatTable _table = null!;
    private FlatReader _reader = null!;
    private IReadOnlyList<KeyValuePair<string, FlatColumn>>? _layout;
    private bool _hasRead;

    /// <summary>The objects: devices, alerts, audits or any others; tables count as objects.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    /// <summary>The columns to give, in this order, by path: antivirus.antivirusStatus, udf.udf5.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Text]
    public string[]? Property { get; set; }

    /// <summary>How times are given: as local DateTime values, as text in UTC, or as they came.</summary>
    [Parameter]
    public TimeFormat TimeFormat { get; set; }

    /// <summary>Names for user-defined fields by their numbers, such as @{ 5 = 'Asset tag' }.</summary>
    [Parameter]
    [ValidateNotNull]
    [UdfTable]
    public IDictionary? UdfLabel { get; set; }

    /// <summary>
    /// Names user-defined fields of Get-DrmmDevice -TypedUdf as the account does; -UdfLabel goes before.
    /// </summary>
    [Parameter]
    public SwitchParameter UseUdfLabel { get; set; }

    /// <summary>What stands between the elements of a list.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Text]
    public string ListSeparator { get; set; } = "; ";

    /// <summary>Whether the columns are known from the beginning.</summary>
    private bool Streams => Property != null && !UseUdfLabel;

    /// <summary>Makes the table.</summary>
    protected override void BeginProcessing()
    {
        _labels = Labels();
        _table = new FlatTable(Property, _labels);
        _reader = new FlatReader(_table, TimeFormat, ListSeparator) { TakesLabels = UseUdfLabel };
        _layout = Streams ? _table.Layout() : null;
    }

    /// <summary>Reads objects, and gives rows whose columns are known.</summary>
    protected override void ProcessRecord()
    {
        // A parameter that is a list would be made anew for each object of a pipeline.
        if (InputObject?.BaseObject is IEnumerable list and not (string or IDictionary))
        {
            foreach (object? item in list)
            {
                Process(item);
            }
        }
        else
        {
            Process(InputObject);
        }
    }

    /// <summary>Gives the rows that were held.</summary>
    protected override void EndProcessing()
    {
        _layout ??= _table.Layout();
        for (int i = 0; i < _rows.Count; i++)
        {
            PSObject row = Build(_rows[i]);
            // Held no longer than it has to be.
            _rows[i] = default;
            WriteObject(row);
        }
        foreach (FlatColumn column in _hasRead ? _table.Lacking : [])
        {
            string? labelled = PathOf(column.Path);
            WriteWarning(Messages.Sentence(labelled == null
                ? Messages.NoItemHas(column.Path)
                : Messages.LabelIsNoPath(column.Path, labelled)));
        }
    }

    private void Process(object? item)
    {
        try
        {
            object?[] values = _reader.Read(item);
            KeyValuePair<string?, object?[]> row = new(Input.TypeOf(PSObject.AsPSObject(item)), values);
            _hasRead = true;
            if (_layout != null)
            {
                WriteObject(Build(row));
            }
            else
            {
                _rows.Add(row);
            }
        }
        catch (DrmmException fault)
        {
            WriteError(fault.ToErrorRecord(null));
        }
    }

    private Dictionary<string, string> Labels()
    {
        Dictionary<string, string> labels = new(StringComparer.OrdinalIgnoreCase);
        if (UdfLabel != null)
        {
            foreach (DictionaryEntry field in new UdfValues().With(UdfLabel).ToTexts())
            {
                if (field.Value is string label && !string.IsNullOrWhiteSpace(label))
                {
                    labels.Add(TypedUdf.Parent + "." + field.Key, label);
                }
            }
        }
        return labels;
    }

    /// <summary>The path of the field that has this label, if one has.</summary>
    private string? PathOf(string name) =>
        _labels.FirstOrDefault(label => string.Equals(label.Value, name, StringComparison.OrdinalIgnoreCase)).Key;

    private PSObject Build(KeyValuePair<string?, object?[]> row)
    {
        PSObject item = ObjectFactory.Create(_layout!.Count);
        PSMemberInfoCollection<PSPropertyInfo> properties = item.Properties;
        foreach (KeyValuePair<string, FlatColumn> column in _layout)
        {
            int slot = column.Value.Slot;
            properties.Add(
                new FieldProperty(column.Key, slot < row.Value.Length ? row.Value[slot] : null), preValidated: true);
        }
        if (row.Key != null)
        {
            item.TypeNames.Insert(0, Input.TypePrefix + row.Key + Input.ProjectedSuffix);
        }
        return item;
    }
}
