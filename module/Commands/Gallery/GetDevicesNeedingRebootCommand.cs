using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;

namespace DattoRMM.Commands.Gallery;

/// <summary>Shows the devices that need to be restarted, those first whose last restart is longest ago.</summary>
/// <remarks>
/// <para>Writes text to the host and gives no objects. Times are UTC. For objects, filter those of Get-DrmmDevice.</para>
/// </remarks>
/// <example>
/// <code>Get-DevicesNeedingReboot</code>
/// <para>Shows all devices that need to be restarted.</para>
/// </example>
/// <example>
/// <code>Get-DrmmDevice | Where-Object rebootRequired</code>
/// <para>Gives the same devices as objects.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DevicesNeedingReboot")]
[OutputType(typeof(void))]
public sealed class GetDevicesNeedingRebootCommand : PlainFunctionCommand
{
    /// <inheritdoc/>
    protected override Call Describe() => Devices.OfAccount(null)
        .Where(device => device.Properties["rebootRequired"]?.Value is true)
        .Gather(Show);

    private IEnumerable<object?> Show(IReadOnlyList<PSObject> devices)
    {
        foreach (PSObject device in devices.OrderBy(device => Time(device, "lastReboot")))
        {
            WriteLine("Hostname", Text(device, "hostname"));
            WriteLine("Sitename", Text(device, "siteName"));
            WriteLine("Description", Text(device, "description"));
            WriteLine("Last Reboot Time", ApiText.Plain(Time(device, "lastReboot")));
            WriteLine("Last Seen", ApiText.Plain(Time(device, "lastSeen")));
            WriteLine("Online", Text(device, "online"));
            WriteLine("Portal URL", Text(device, "portalUrl"));
            this.WriteHost("----");
        }
        return [];
    }

    private void WriteLine(string name, string value) => this.WriteHost(name + ": " + value);

    private static string Text(PSObject device, string name) => ApiText.Plain(device.Properties[name]?.Value);

    private static DateTime? Time(PSObject device, string name) =>
        UnixTime.OfMilliseconds(device.Properties[name]?.Value)?.UtcDateTime;
}
