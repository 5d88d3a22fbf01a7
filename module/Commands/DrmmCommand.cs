using System.Collections.Generic;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The base of commands that make one call: attributes, parameters, and one expression.</summary>
public abstract class DrmmCommand : CallingCommand
{
    /// <summary>Describes the call.</summary>
    /// <exception cref="DrmmException">A parameter is refused; that is reported, and nothing is sent.</exception>
    protected abstract Call Describe();

    private protected sealed override IEnumerable<Call> DescribeAll() => [Describe()];
}
