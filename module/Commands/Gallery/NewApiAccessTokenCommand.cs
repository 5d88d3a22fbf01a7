using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets a new access token, as text, for requests of your own.</summary>
/// <remarks>
/// <para>Asks the platform that is connected for a token of the API key that is given. The token is a secret: whoever
/// has it can do all that the key may. The module neither keeps it nor shows it elsewhere.</para>
/// <para>The commands of this module need no token: Connect-DrmmApi gets and renews its own.</para>
/// <para>When it fails, the reason is written to the host first, as by the command of this name in the module before
/// this one, and then as an error.</para>
/// </remarks>
/// <example>
/// <code>$token = New-ApiAccessToken -Credential $credential</code>
/// <para>Gets a token for the key and secret key that the credential holds as user name and password.</para>
/// </example>
/// <example>
/// <code>$header = @{ Authorization = "Bearer $(New-ApiAccessToken $credential)" }</code>
/// <para>Makes the header that authorizes a request.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "ApiAccessToken")]
[OutputType(typeof(string))]
public sealed class NewApiAccessTokenCommand : DrmmCommand
{
    /// <summary>API key and secret key as user name and password.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("c")]
    [AllowNull]
    [KeyCredential]
    public PSCredential? Credential { get; set; }

    private protected override void Announce(DrmmException fault) => this.WriteHost(fault.Message);

    /// <inheritdoc/>
    protected override Call Describe() =>
        Call.Token(Credential ?? throw new DrmmException(ErrorKind.InvalidArgument, Messages.NoCredential));
}
