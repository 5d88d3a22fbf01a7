using Xunit;

namespace DattoRMM.Tests.Fixtures;

/// <summary>A test of what only Windows does.</summary>
public sealed class WindowsFactAttribute : FactAttribute
{
    public WindowsFactAttribute() => Skip = OperatingSystem.IsWindows() ? null : "this is not Windows";
}
