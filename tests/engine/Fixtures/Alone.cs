using Xunit;

namespace DattoRMM.Tests.Fixtures;

/// <summary>The collection of tests that measure times: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
