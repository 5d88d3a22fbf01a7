using System.Management.Automation;

namespace EmptyModule;

/// <summary>Gets nothing. The only command of the smallest binary module: what importing any module costs.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet
{
}
