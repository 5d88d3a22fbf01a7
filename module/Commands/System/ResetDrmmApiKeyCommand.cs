using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Replaces the API key and secret key of the user that is connected, and gives the new ones.</summary>
/// <remarks>
/// <para>The answer is the only time that the new secret key can be read: keep it where secrets are kept. It is shown
/// in the object that comes out, and nowhere else.</para>
/// <para>The old key is no longer accepted from then on, for anyone: also not by other scripts that use it. This
/// connection stays open, and works as long as the server goes on accepting its token; then its commands fail with an
/// authentication error. Run Connect-DrmmApi with the new key to go on.</para>
/// <para>It does not ask before it does so unless -Confirm says that it should.</para>
/// </remarks>
/// <example>
/// <code>$new = Reset-DrmmApiKey</code>
/// <para>Replaces the key; $new.apiAccessKey and $new.apiSecretKey are the new ones.</para>
/// </example>
/// <example>
/// <code>Reset-DrmmApiKey -WhatIf</code>
/// <para>Says what would be done, and does nothing.</para>
/// </example>
[Cmdlet(VerbsCommon.Reset, "DrmmApiKey", SupportsShouldProcess = true)]
[OutputType(Type)]
public sealed class ResetDrmmApiKeyCommand : DrmmCommand
{
    private const string Type = "DattoRMM.ApiKey";

    /// <inheritdoc/>
    protected override Call Describe() =>
        Call.Post(Type, "v2/user/resetApiKeys").For(null, Messages.OwnKey, Messages.ResetKey);
}
