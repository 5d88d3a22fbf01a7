using System;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>
/// As the engine's <see cref="CredentialAttribute"/>: a user name alone prompts for the password. But null stays null,
/// and is refused when the former default connection has been forgotten.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyCredentialAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData == null ? null : new CredentialAttribute().Transform(engineIntrinsics, inputData);
}
