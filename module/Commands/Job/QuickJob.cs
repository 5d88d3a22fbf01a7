using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>A component to be run once on devices, and what comes of it.</summary>
internal sealed class QuickJob
{
    private readonly string _name;
    private readonly string _componentUid;
    private readonly object? _variables;

    /// <param name="name">What the job is called.</param>
    /// <param name="componentUid">What it runs.</param>
    /// <param name="variables">A list of names and values, or null for none.</param>
    internal QuickJob(string name, string componentUid, object? variables)
    {
        _name = name;
        _componentUid = componentUid;
        _variables = variables;
    }

    /// <summary>Starts it on a device.</summary>
    internal Call Start(string deviceUid) =>
        Call.Put("DattoRMM.QuickJob", "v2/device/{}/quickjob", deviceUid)
            .Body(new OrderedDictionary
            {
                ["jobName"] = _name,
                ["jobComponent"] = new OrderedDictionary
                {
                    ["componentUid"] = _componentUid,
                    ["variables"] = _variables,
                },
            })
            .For(deviceUid);

    /// <summary>Starts it on a device, waits until it has ended, and gives what came of it.</summary>
    /// <param name="deviceUid">The device.</param>
    /// <param name="hostname">What the device is called, if that is known.</param>
    /// <param name="patience">How long to wait.</param>
    internal Call Run(string deviceUid, string? hostname, TimeSpan patience) => Start(deviceUid).Then(started =>
    {
        string jobUid = Uid(started);
        return Jobs.One(jobUid)
            .Until(HasEnded, patience, Messages.Job(jobUid, _name, hostname ?? Messages.Device(deviceUid)))
            .Then(_ => Outcome(jobUid, deviceUid, hostname));
    });

    private static string Uid(IReadOnlyList<PSObject> started) =>
        started.Count > 0
        && started[0].Properties["job"]?.Value is PSObject job
        && job.Properties["uid"]?.Value is string { Length: > 0 } uid
            ? uid
            : throw new DrmmException(ErrorKind.Malformed, Messages.JobNotNamed);

    private static bool HasEnded(PSObject job) =>
        string.Equals(job.Properties["status"]?.Value as string, Jobs.Completed, StringComparison.OrdinalIgnoreCase);

    /// <summary>What came of a job on a device, with what it wrote where it wrote something.</summary>
    private static Call Outcome(string jobUid, string deviceUid, string? hostname)
    {
        return Jobs.Result(jobUid, deviceUid).Then(results =>
            Read(results, JobStream.StdOut, "hasStdOut", output =>
                Read(results, JobStream.StdErr, "hasStdErr", errors =>
                    Call.Result([.. results.Select(result => Complete(result, hostname, output, errors))]))));

        Call Read(IEnumerable<PSObject> results, JobStream stream, string flag, Func<string?, Call> next) =>
            results.SelectMany(Components).Any(component => component.Properties[flag]?.Value is true)
                ? Jobs.Output(jobUid, deviceUid, stream).Then(texts => next(Joined(texts)))
                : next(null);
    }

    private static PSObject Complete(PSObject result, string? hostname, string? output, string? errors)
    {
        result.Properties.Add(new PSNoteProperty("hostname", hostname));
        result.Properties.Add(new PSNoteProperty("stdOut", output));
        result.Properties.Add(new PSNoteProperty("stdErr", errors));
        return result;
    }

    private static IEnumerable<PSObject> Components(PSObject result) =>
        (result.Properties["componentResults"]?.Value as object?[] ?? []).OfType<PSObject>();

    /// <summary>What all components wrote, one after the other.</summary>
    private static string Joined(IEnumerable<PSObject> texts) =>
        string.Join("\n", texts.Select(text => text.Properties["stdData"]?.Value as string).Where(text => text != null));
}
