using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>Lets a boolean be a switch that was passed on, as scripts do; the engine would refuse it.</summary>
internal sealed class FlagAttribute : ElementAttribute
{
    private protected override object? Read(object? value) =>
        Plain(value) is SwitchParameter flag ? flag.IsPresent : value;
}
