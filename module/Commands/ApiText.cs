using System;
using System.Globalization;
using System.Management.Automation;

namespace DattoRMM.Commands;

/// <summary>Values as text, whatever the culture.</summary>
internal static class ApiText
{
    /// <summary>As the API writes them: true, 1.5.</summary>
    internal static string Of(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        SwitchParameter flag => Of(flag.IsPresent),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("o", CultureInfo.InvariantCulture),
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };

    /// <summary>As PowerShell puts them into a text; nothing for null.</summary>
    internal static string Plain(object? value) => value == null ? "" : LanguagePrimitives.ConvertTo<string>(value);
}
