using System;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>
/// As the engine's <see cref="CredentialAttribute"/>: a user name alone prompts for the password. But what is no
/// credential becomes null, which the command refuses: when it has forgotten the former default connection, and without
/// telling what it was.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyCredentialAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapper ? wrapper.BaseObject : inputData) switch
        {
            PSCredential credential => credential,
            string { Length: > 0 } => new CredentialAttribute().Transform(engineIntrinsics, inputData),
            _ => null,
        };
}
