using System;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>
/// Reads a proxy's address, and gives null for what is none, which the command refuses. The engine would tell it in its
/// own error, with the password that it may hold.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProxyAddressAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapper ? wrapper.BaseObject : inputData) switch
        {
            Uri address => address,
            string text when Uri.TryCreate(text, UriKind.Absolute, out Uri? address) => address,
            _ => null,
        };
}
