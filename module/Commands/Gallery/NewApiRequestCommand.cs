using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands.Gallery;

/// <summary>Sends a request and gives the answer's text.</summary>
/// <remarks>
/// <para>
/// For scripts of the gallery module; Invoke-DrmmApi reads answers into objects and lists to their end. The text comes
/// as the service sent it, an empty one for an empty answer. Quota, retries and errors are those of all commands.
/// </para>
/// </remarks>
/// <example>
/// <code>New-ApiRequest -apiMethod GET -apiRequest /v2/account</code>
/// <para>Gives the account as JSON.</para>
/// </example>
/// <example>
/// <code>New-ApiRequest GET "/v2/device/$deviceUid" | ConvertFrom-Json</code>
/// <para>Reads the text into an object.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "ApiRequest", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class NewApiRequestCommand : DrmmCommand
{
    /// <summary>The HTTP method.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateSet("GET", "PUT", "POST", "DELETE")]
    [Text]
    public string ApiMethod { get; set; } = "";

    /// <summary>The path below <c>/api</c>, such as <c>/v2/account</c>, with its query.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Text]
    public string ApiRequest { get; set; } = "";

    /// <summary>The body, as JSON.</summary>
    [Parameter(Position = 2)]
    [Text]
    public string? ApiRequestBody { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Call.Send(ApiMethod, Required(nameof(ApiRequest), ApiRequest))
            .Body(string.IsNullOrEmpty(ApiRequestBody) ? null : ApiRequestBody)
            .Text();
}
