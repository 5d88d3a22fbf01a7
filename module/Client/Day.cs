using System;
using System.Globalization;
using System.Management.Automation;

namespace DattoRMM.Client;

/// <summary>
/// Days as the API writes them, <c>yyyy-MM-dd</c>, out of what scripts have. A text that can be read as two different
/// days is refused: a day and a month that changed places would be noticed by nobody.
/// </summary>
internal static class Day
{
    private const string Format = "yyyy-MM-dd";

    private static readonly CultureInfo s_dayFirst = DayFirst();

    /// <summary>The day of a time: as it is written, not as it is elsewhere at that moment.</summary>
    internal static string Of(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>As the other.</summary>
    internal static string Of(DateTimeOffset time) => time.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The day that a value names.</summary>
    /// <exception cref="DrmmException">It names none, or may mean two.</exception>
    internal static string Of(object value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        DateTime time => Of(time),
        DateTimeOffset time => Of(time),
        string text => Read(text.Trim()),
        object other => throw Refuse(Messages.NotADay(other.GetType()), value),
    };

    private static string Read(string text)
    {
        if (IsIso(text))
        {
            return Read(text, CultureInfo.InvariantCulture) ?? throw Refuse(Messages.NotADay(text), text);
        }
        string? own = Read(text, CultureInfo.CurrentCulture);
        bool hasSlashes = text.IndexOf('/') >= 0;
        bool hasDots = !hasSlashes && text.IndexOf('.') >= 0;
        // What everybody writes alike; the month before the day where slashes part them, after it where dots do.
        string? common = Read(text, hasDots ? s_dayFirst : CultureInfo.InvariantCulture);
        if (own != null && common != null && own != common && (hasSlashes || hasDots))
        {
            throw Refuse(Messages.TwoDays(text, own, common), text);
        }
        return own ?? common ?? throw Refuse(Messages.NotADay(text), text);
    }

    /// <summary>The day, or null for a text that is none or does not say its year in full.</summary>
    private static string? Read(string text, CultureInfo culture) =>
        DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
        && text.IndexOf(time.ToString("yyyy", CultureInfo.InvariantCulture), StringComparison.Ordinal) >= 0
            ? Of(time)
            : null;

    private static CultureInfo DayFirst()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        culture.DateTimeFormat.DateSeparator = ".";
        return culture;
    }

    /// <summary>Whether it begins with a year and a hyphen, which means the same everywhere.</summary>
    private static bool IsIso(string text) =>
        text.Length > 4 && text[4] == '-' && int.TryParse(
            text.Substring(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static DrmmException Refuse(string message, object target) =>
        new(ErrorKind.InvalidArgument, message) { Target = target };
}
