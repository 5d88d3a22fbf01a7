using System.Management.Automation;

namespace DattoRMM.Bench.Work;

/// <summary>
/// Counts what is piped into it. The engine from NuGet has no Measure-Object, and a script block would cost more than
/// the command that is measured.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "Item")]
public sealed class MeasureItemCommand : PSCmdlet
{
    /// <summary>Where to count.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Tally Tally { get; set; } = null!;

    /// <summary>What to count.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    protected override void ProcessRecord() => Tally.Add(InputObject);
}
