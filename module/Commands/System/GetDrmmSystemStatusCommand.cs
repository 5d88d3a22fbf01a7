using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Gets the status and the version of the API's server, and since when it has been running.</summary>
/// <remarks>
/// <para>A cheap way to see whether the server answers. It costs a read of the quota, as every request does.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmSystemStatus</code>
/// <para>Shows status and version.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmSystemStatus).status -eq 'OK'</code>
/// <para>Says whether all is well.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmSystemStatus")]
[OutputType(Type)]
public sealed class GetDrmmSystemStatusCommand : DrmmCommand
{
    private const string Type = "DattoRMM.SystemStatus";

    /// <inheritdoc/>
    protected override Call Describe() => Call.Get(Type, "v2/system/status");
}
