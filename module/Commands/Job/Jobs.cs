using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Jobs and what came of them, as the commands that read them describe them.</summary>
internal static class Jobs
{
    /// <summary>What a job is in the end.</summary>
    internal const string Completed = "completed";

    private const string Results = "v2/job/{}/results/{}";

    /// <summary>The job with a uid.</summary>
    internal static Call One(string uid) => Call.Get("DattoRMM.Job", "v2/job/{}", uid).For(uid);

    /// <summary>The components that a job runs.</summary>
    internal static Call Components(string uid) =>
        Call.Pages("DattoRMM.JobComponent", "jobComponents", "v2/job/{}/components", uid).For(uid);

    /// <summary>What came of a job on a device.</summary>
    internal static Call Result(string uid, string deviceUid) =>
        Call.Get("DattoRMM.JobResult", Results, uid, deviceUid).For(deviceUid);

    /// <summary>What a job wrote on a device, a text for each component.</summary>
    internal static Call Output(string uid, string deviceUid, JobStream stream) =>
        Call.Get("DattoRMM.JobOutput", Results + "/" + stream.ToString().ToLowerInvariant(), uid, deviceUid)
            .For(deviceUid);
}
