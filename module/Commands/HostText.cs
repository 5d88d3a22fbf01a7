using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>Text for the host, as <c>Write-Host</c> writes it: an information record that <c>6>&amp;1</c> catches.</summary>
internal static class HostText
{
    internal static void WriteHost(this Cmdlet cmdlet, string text) =>
        cmdlet.WriteInformation(new HostInformationMessage { Message = text }, ["PSHOST"]);
}
