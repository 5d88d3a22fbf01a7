using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands.Gallery;

/// <summary>Runs a component once on a device.</summary>
/// <remarks>
/// <para>Looks the component up by its name among all components of the account, and gives the job as the server
/// accepted it: its uid is job.uid.</para>
/// <para>Start-DrmmQuickJob does the same for many devices with one look-up, takes a uid too, and can wait for the
/// end.</para>
/// </remarks>
/// <example>
/// <code>Set-DrmmDeviceQuickJob -deviceUid $deviceUid -jobName 'Clean up' -ComponentName 'Clean up' -VariableDefinitions @{ days = '30' } -WhatIf</code>
/// <para>Says what would be done.</para>
/// </example>
/// <example>
/// <code>Set-DrmmDeviceQuickJob -deviceUid $deviceUid -jobName 'Clean up' -ComponentName 'Clean up' -variables @(@{ name = 'days'; value = '30' }) -WhatIf</code>
/// <para>The same with a list of variables.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmDeviceQuickJob", SupportsShouldProcess = true, DefaultParameterSetName = PreparedSet)]
[OutputType("DattoRMM.QuickJob")]
public sealed class SetDrmmDeviceQuickJobCommand : DrmmCommand
{
    private const string PreparedSet = "preparedVariables";
    private const string UnpreparedSet = "unpreparedVariables";

    /// <summary>The uid of the device.</summary>
    [Parameter(Mandatory = true)]
    [AllowNull]
    [AllowEmptyString]
    [Uid(Noun.Device)]
    public string? DeviceUid { get; set; }

    /// <summary>What the job is called.</summary>
    [Parameter(Mandatory = true)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? JobName { get; set; }

    /// <summary>The name of the component. Of several with this name the last one runs.</summary>
    [Parameter(Mandatory = true)]
    [Alias("c", "co")]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [ArgumentCompleter(typeof(ComponentCompleter))]
    public string? ComponentName { get; set; }

    /// <summary>The component's variables: a list of tables with name and value, or a table of names and values.</summary>
    [Parameter(ParameterSetName = PreparedSet)]
    public PSObject? Variables { get; set; }

    /// <summary>The component's variables: a table of names and values.</summary>
    [Parameter(ParameterSetName = UnpreparedSet)]
    [Table]
    public IDictionary? VariableDefinitions { get; set; }

    /// <inheritdoc/>
    protected override Call Describe()
    {
        string deviceUid = Required(nameof(DeviceUid), DeviceUid);
        string jobName = Required(nameof(JobName), JobName);
        string component = Required(nameof(ComponentName), ComponentName);
        IReadOnlyList<object>? variables = IsBound(nameof(VariableDefinitions))
            ? JobVariables.Of(VariableDefinitions)
            : JobVariables.OfDefinitions(Variables);
        return Call
            .Deferred(() => new QuickJob(jobName, FindComponent(component), variables).Start(deviceUid))
            .For(deviceUid)
            .Change(Messages.Device(deviceUid), Messages.StartJob(jobName));
    }

    private string FindComponent(string name) =>
        Read(Components.All)
            .LastOrDefault(component => string.Equals(
                component.Properties["name"]?.Value as string, name, StringComparison.OrdinalIgnoreCase))
            ?.Properties["uid"]?.Value as string
        ?? throw Fatal(
            new DrmmException(ErrorKind.NotFound, Messages.GalleryComponentNotFound(name)), name);
}
