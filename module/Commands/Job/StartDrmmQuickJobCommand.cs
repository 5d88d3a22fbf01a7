using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Runs a component once on devices, and waits for what comes of it if told to.</summary>
/// <remarks>
/// <para>Starts a quick job for each device, one after the other unless -ThrottleLimit says more. Without -Wait it gives
/// for each device the job as the server accepted it (its uid is job.uid) and the device's uid. A device that is
/// offline runs its job when it comes online, or not at all if that is too late.</para>
/// <para>With -Wait it asks, ever more slowly, until each job has ended, and gives what came of it: the result as
/// Get-DrmmJobResult has it, the host name if it was piped in, and what all components wrote as stdOut and stdErr. Up to
/// 64 jobs are waited for side by side. A job that has not ended after -TimeoutSec is an error that names it; the
/// job itself goes on.</para>
/// <para>The component's name is looked up once. Where there is none of it, or several, no job is started.</para>
/// </remarks>
/// <example>
/// <code>Start-DrmmQuickJob $componentUid $deviceUid</code>
/// <para>Runs a component, given by its uid, on one device.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice -Hostname srv | Start-DrmmQuickJob -Component $componentUid -JobName 'Clean up' -Variable @{ days = 30 } -WhatIf</code>
/// <para>Shows on which devices a job would run, with a value for one of the component's variables.</para>
/// </example>
/// <example>
/// <code>(Start-DrmmQuickJob $componentUid $deviceUid -Wait -TimeoutSec 600).stdOut</code>
/// <para>Runs it, waits up to ten minutes, and shows what it wrote.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "DrmmQuickJob", SupportsShouldProcess = true, DefaultParameterSetName = UidSet)]
[OutputType("DattoRMM.QuickJob", "DattoRMM.JobResult")]
public sealed class StartDrmmQuickJobCommand : DrmmPipelineCommand
{
    private const string UidSet = "Uid";

    /// <summary>As long as the agent lets an application component run.</summary>
    private const int DefaultTimeout = 1800;

    private QuickJob? _job;

    /// <summary>The component, by its name or its uid.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    [ArgumentCompleter(typeof(ComponentCompleter))]
    public string? Component { get; set; }

    /// <summary>The uids of the devices.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Uid(Noun.Device)]
    public string?[]? DeviceUid { get; set; }

    /// <summary>What the job is called; the component's name by default.</summary>
    [Parameter]
    [Text]
    public string? JobName { get; set; }

    /// <summary>Values for the component's variables, by their names: @{ name = 'value' }.</summary>
    [Parameter]
    [ValidateNotNull]
    [Table]
    public IDictionary? Variable { get; set; }

    /// <summary>Waits until the jobs have ended, and gives their results and what they wrote.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait, how many seconds to wait for each job; 1800 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int TimeoutSec { get; set; } = DefaultTimeout;

    private protected override Noun Noun => Noun.Device;

    private protected override IEnumerable<Call> DescribeInput(Input input) =>
        [Start(input.Uid(Noun.Device), PSObject.AsPSObject(InputObject).Properties["hostname"]?.Value as string)];

    private protected override IEnumerable<Call> DescribeScope() =>
        Each(nameof(DeviceUid), DeviceUid, uid => Start(uid, null));

    private Call Start(string deviceUid, string? hostname)
    {
        string component = Required(nameof(Component), Component);
        string? name = Narrowing(nameof(JobName), JobName);
        if (IsBound(nameof(TimeoutSec)) && !Wait)
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.TimeoutNeedsWait);
        }
        return Call
            .Deferred(() =>
            {
                _job ??= FindJob(component, name);
                return Wait
                    ? _job.Run(deviceUid, hostname, TimeSpan.FromSeconds(TimeoutSec))
                    : _job.Start(deviceUid).With("deviceUid", deviceUid);
            })
            .For(deviceUid)
            .Change(Messages.Device(deviceUid), Messages.StartJob(name ?? component));
    }

    /// <summary>What is to be run: the same for all devices, so that what is wrong with it ends the command.</summary>
    private QuickJob FindJob(string component, string? name)
    {
        try
        {
            IReadOnlyList<object>? variables = JobVariables.Of(Variable);
            if (name != null && Guid.TryParse(component, out _))
            {
                return new QuickJob(name, component, variables);
            }
            PSObject found = FindComponent(component);
            return new QuickJob(name ?? Field(found, "name"), Field(found, "uid"), variables);
        }
        catch (DrmmException fault)
        {
            throw Fatal(fault, component);
        }
    }

    private PSObject FindComponent(string component)
    {
        IReadOnlyList<PSObject> all = Read(Components.All);
        PSObject[] found = [.. all.Where(one => Is(Field(one, "uid"), component))];
        if (found.Length == 0)
        {
            found = [.. all.Where(one => Is(Field(one, "name"), component))];
        }
        return found.Length switch
        {
            1 => found[0],
            0 => throw new DrmmException(ErrorKind.NotFound, Messages.NoSuchComponent(component)),
            _ => throw new DrmmException(
                ErrorKind.InvalidArgument,
                Messages.SeveralComponents(component, found.Select(one => Field(one, "uid")))),
        };
    }

    private static bool Is(string value, string wanted) =>
        string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);

    private static string Field(PSObject component, string name) =>
        component.Properties[name]?.Value as string ?? "";
}
