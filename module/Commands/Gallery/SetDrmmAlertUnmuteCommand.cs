using System.Management.Automation;

namespace DattoRMM.Commands.Gallery;

/// <summary>Unmutes no alert: it ends with an error, since the platform does not offer this any more.</summary>
/// <remarks>
/// <para>
/// Since its version 8.9.0 Datto RMM does not let alerts be muted or unmuted. The command is here so that scripts that
/// call it get this answer; nothing is sent. An alert can be resolved with Resolve-DrmmAlert.
/// </para>
/// </remarks>
/// <example>
/// <code>try { Set-DrmmAlertUnmute $alertUid } catch { "not unmuted: $_" }</code>
/// <para>Catches the error and goes on.</para>
/// </example>
/// <example>
/// <code>Resolve-DrmmAlert $alertUid -WhatIf</code>
/// <para>Says what resolving the alert instead would do.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "DrmmAlertUnmute")]
[OutputType(typeof(void))]
public sealed class SetDrmmAlertUnmuteCommand : MuteCommand
{
}
