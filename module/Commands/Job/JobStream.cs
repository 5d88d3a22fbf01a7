namespace DattoRMM.Commands;

/// <summary>What a component writes to.</summary>
public enum JobStream
{
    /// <summary>Its output.</summary>
    StdOut,

    /// <summary>Its errors.</summary>
    StdErr,

    /// <summary>Both.</summary>
    All,
}
