using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands;

/// <summary>The buckets of an account's quota, each as an object that also says what holds for the whole account.</summary>
internal static class Quotas
{
    private static readonly string[] s_ofBucket =
        ["limit", "allowed", "used", "usedByOthers", "usedByAll", "remaining", "waiting"];

    private static readonly string[] s_ofAccount = ["model", "windowSeconds", "cutOffRatio", "lastCalibration"];

    /// <summary>The buckets of the account that <paramref name="account"/> describes.</summary>
    internal static IEnumerable<PSObject> Of(PSObject account, string type)
    {
        foreach (object bucket in (object[])account.Properties["buckets"].Value)
        {
            yield return One((PSObject)bucket, account, type);
        }
    }

    private static PSObject One(PSObject bucket, PSObject account, string type)
    {
        PSObject quota = ObjectFactory.Create(s_ofBucket.Length + s_ofAccount.Length + 3);
        quota.TypeNames.Insert(0, type);
        Add("bucket", bucket, "name");
        AddAll(bucket, s_ofBucket);
        AddAll(account, s_ofAccount);
        Add("stoppedUntil", bucket, "stoppedUntil");
        Add("blockedUntil", account, "blockedUntil");
        return quota;

        void AddAll(PSObject source, string[] names)
        {
            foreach (string name in names)
            {
                Add(name, source, name);
            }
        }

        void Add(string name, PSObject source, string field) =>
            quota.Properties.Add(new PSNoteProperty(name, source.Properties[field].Value));
    }
}
