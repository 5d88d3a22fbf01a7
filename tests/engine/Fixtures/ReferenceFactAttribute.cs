using Xunit;

namespace DattoRMM.Tests.Fixtures;

/// <summary>A test against the reference data, which may lie beside the checkout or not.</summary>
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute() =>
        Skip = Directory.Exists(Paths.Reference) ? null : $"there is no {Paths.Reference}";
}
