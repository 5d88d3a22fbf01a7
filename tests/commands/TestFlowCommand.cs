using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Commands;

namespace DattoRMM.Tests.Commands;

/// <summary>A command that a test describes, by the variable <c>$describe</c>.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Flow")]
public sealed class TestFlowCommand : CallingCommand
{
    /// <summary>How many at a time.</summary>
    [Parameter]
    public int? Throttle { get; set; }

    /// <summary>An input.</summary>
    [Parameter(ValueFromPipeline = true)]
    public string Uid { get; set; } = "";

    private protected override int? Limit => Throttle;

    internal IReadOnlyList<PSObject> LookUp(Call call) => Read(call);

    private protected override IEnumerable<Call> DescribeAll() =>
        [((Func<TestFlowCommand, string, Call>)SessionState.PSVariable.GetValue("describe"))(this, Uid)];
}
