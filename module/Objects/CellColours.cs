using System;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace DattoRMM.Objects;

/// <summary>The colours of cells in the tables of <c>DattoRMM.Format.ps1xml</c>.</summary>
public static class CellColours
{
    private const string Red = "31";
    private const string BoldRed = "1;31";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Cyan = "36";
    private const string Grey = "90";

    /// <summary>Whether the engine lays out columns by what is seen: older ones count escape sequences.</summary>
    private static readonly bool s_engineLaysOutColours =
        typeof(PSObject).Assembly.GetName().Version >= new Version(7, 2);

    /// <summary>An alert's priority, the more pressing the more glaring.</summary>
    public static string? OfPriority(string? priority, PSHost? host) => Paint(priority, host, priority switch
    {
        "Critical" => BoldRed,
        "High" => Red,
        "Moderate" => Yellow,
        "Low" => Cyan,
        _ => null,
    });

    /// <summary>Whether a device is online.</summary>
    public static string? OfOnline(bool? online, PSHost? host) =>
        Paint(online?.ToString(), host, online == true ? Green : Grey);

    private static string? Paint(string? text, PSHost? host, string? colour) =>
        text != null && colour != null && s_engineLaysOutColours && host?.UI?.SupportsVirtualTerminal == true
            ? "\u001b[" + colour + "m" + text + "\u001b[0m"
            : text;
}
