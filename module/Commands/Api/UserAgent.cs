using System;
using System.Collections;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>What each request says it comes from.</summary>
internal static class UserAgent
{
    /// <summary>Module and engine, as in <c>DattoRMM/2.0.0 PowerShell/7.6.9</c>.</summary>
    internal static string Of(SessionState session)
    {
        Version module = typeof(UserAgent).Assembly.GetName().Version;
        object? table = session.PSVariable.GetValue("PSVersionTable");
        object? engine = (table as IDictionary)?["PSVersion"];
        return "DattoRMM/" + module.ToString(3) + (engine == null ? "" : " PowerShell/" + engine);
    }
}
