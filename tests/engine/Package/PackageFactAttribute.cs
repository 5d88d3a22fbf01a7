using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Package;

/// <summary>A test of what the package task of build.ps1 made, where it was run.</summary>
public sealed class PackageFactAttribute : FactAttribute
{
    /// <param name="system">
    /// win, linux or osx, for a test of that system's libraries: without one, nothing would be tested.
    /// </param>
    public PackageFactAttribute(string system = "")
    {
        if (!Directory.Exists(Paths.Package))
        {
            Skip = $"there is no {Paths.Package}: run the package task of build.ps1";
        }
        else if (system.Length > 0 && !ShippedLibrary.Of(system).Any())
        {
            Skip = $"the package has no library for {system}";
        }
    }

    /// <summary>Whether it is a test of the simulators, which a package need not have.</summary>
    public bool OfSimulators
    {
        get;
        init
        {
            field = value;
            if (value && Skip == null && ShippedSimulator.All.Count == 0)
            {
                Skip = "no simulator was packed: name a folder with -Simulator";
            }
        }
    }
}
