using System.Text;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// A value that must not be told. Its middle is of letters and digits, which no way of writing it in a URL, in JSON or
/// in XML changes; its end is what they all change.
/// </summary>
public sealed class Canary
{
    private Canary(string name, string core)
    {
        Name = name;
        Value = core + "/+&=%ä 'x'";
        Forms = [.. FormsOf(core), Uri.EscapeDataString(Value)];
    }

    public string Name { get; }

    public string Value { get; }

    private IReadOnlyList<string> Forms { get; }

    /// <summary>A value of its own, for something of this name.</summary>
    public static Canary For(string name) => new(name, $"canary{name}{Random.Shared.NextInt64():x16}");

    /// <summary>Those of the values that a text holds: as they are, or in Base64 at whatever place.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> values, string text) =>
        [.. values.Where(value => Holds(text, FormsOf(value)))];

    public bool IsIn(string text) => Holds(text, Forms);

    public override string ToString() => Value;

    private static bool Holds(string text, IEnumerable<string> forms) =>
        forms.Any(form => text.Contains(form, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> FormsOf(string core)
    {
        yield return core;
        byte[] bytes = Encoding.UTF8.GetBytes(core);
        for (int before = 0; before < 3; before++)
        {
            // What stands before and behind it decides the characters at the edges, so these are left out.
            string all = Convert.ToBase64String([.. new byte[before], .. bytes]);
            int first = (before * 8 + 5) / 6;
            int last = (before + bytes.Length) * 8 / 6;
            yield return all[first..last];
        }
    }
}
