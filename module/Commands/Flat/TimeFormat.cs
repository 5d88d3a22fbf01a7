namespace DattoRMM.Commands;

/// <summary>How times are given.</summary>
public enum TimeFormat
{
    /// <summary>As a DateTime in local time.</summary>
    Local,

    /// <summary>As text in UTC, such as 2026-06-01T08:00:00.000Z, which sorts by time.</summary>
    Iso8601,

    /// <summary>As they came.</summary>
    Raw,
}
