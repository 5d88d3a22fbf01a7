using System.Management.Automation;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// Passes on so many objects, then ends the pipeline before it exactly as <c>Select-Object -First</c> does. The engine
/// from NuGet has no Select-Object; what that throws is the engine's own.
/// </summary>
[Cmdlet(VerbsCommon.Select, "First")]
public sealed class SelectFirstCommand : PSCmdlet
{
    private static readonly Type s_enough = typeof(PSCmdlet).Assembly.GetType(
        "System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;

    private int _count;

    /// <summary>How many objects to pass on.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public int First { get; set; }

    /// <summary>What comes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++_count == First)
        {
            throw (Exception)Activator.CreateInstance(s_enough, this)!;
        }
    }
}
