using Xunit.Sdk;

namespace DattoRMM.Tests.Fixtures;

/// <summary>Files of the checkout that tests generate.</summary>
internal static class Generated
{
    /// <summary>Set to 1, the tests write these files instead of comparing them.</summary>
    private const string Update = "DRMM_UPDATE_GENERATED";

    /// <summary>Asserts that a file is as it would be generated now.</summary>
    /// <param name="file">Its path within the checkout.</param>
    /// <param name="expected">What it has to hold.</param>
    internal static void AssertUpToDate(string file, string expected)
    {
        string path = Path.Combine(Paths.Root, file);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }
        string[] wanted = expected.Split('\n');
        string[] committed = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        int same = wanted.Zip(committed).TakeWhile(lines => lines.First == lines.Second).Count();
        if (same < wanted.Length || same < committed.Length)
        {
            throw new XunitException(
                $"{file} is out of date (line {same + 1}): run this test with {Update}=1 and commit it");
        }
    }
}
