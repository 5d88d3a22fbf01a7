using System.Management.Automation;
using System.Reflection;

namespace DattoRMM.Tests.Fixtures;

/// <summary>The module's commands, for tests that go through all of them.</summary>
public static class CommandNames
{
    /// <summary>In alphabetical order, as the assembly has them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(Client.Call).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<CmdletAttribute>())
            .OfType<CmdletAttribute>()
            .Select(command => $"{command.VerbName}-{command.NounName}")
            .Order(StringComparer.OrdinalIgnoreCase),
    ];
}
