using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Package;

/// <summary>A test of what the package task of build.ps1 made, where it was run.</summary>
public sealed class PackageFactAttribute : FactAttribute
{
    public PackageFactAttribute() => Skip = Directory.Exists(Paths.Package)
        ? null
        : $"there is no {Paths.Package}: run the package task of build.ps1";
}
