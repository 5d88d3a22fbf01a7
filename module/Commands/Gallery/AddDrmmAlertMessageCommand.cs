using System.Management.Automation;
using DattoRMM.Objects;

namespace DattoRMM.Commands.Gallery;

/// <summary>Adds to alerts what they say, as text.</summary>
/// <remarks>
/// <para>
/// Each alert gets two properties and is given back: alertType, a word for the kind of monitor that raised it, and
/// alertMessage, one line that says what it found. The line is that of the method GetMessage, which alerts have without
/// this command. What is no alert is given back as it is.
/// </para>
/// <para>
/// The alert itself is changed; nothing is asked of the API. An alert that has the properties gets them anew.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-DrmmAlert | Add-DrmmAlertMessage | ForEach-Object { "$($_.alertType): $($_.alertMessage)" }</code>
/// <para>Says in a line what each open alert is about.</para>
/// </example>
/// <example>
/// <code>(Add-DrmmAlertMessage (Get-DrmmAlert $alertUid)).alertMessage</code>
/// <para>Says what one alert is about.</para>
/// </example>
[Cmdlet(VerbsCommon.Add, "DrmmAlertMessage")]
[OutputType("DattoRMM.Alert")]
public sealed class AddDrmmAlertMessageCommand : PSCmdlet
{
    /// <summary>The alert, or several.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject?[]? Alert { get; set; }

    /// <summary>Adds the message, and gives the alert back.</summary>
    protected override void ProcessRecord()
    {
        foreach (PSObject? alert in Alert ?? [])
        {
            if (alert != null && AlertMessages.GetWord(alert) is { } word)
            {
                Put(alert, "alertType", word);
                Put(alert, "alertMessage", AlertMessages.GetMessage(alert));
            }
            WriteObject(alert);
        }
    }

    private static void Put(PSObject alert, string name, string value)
    {
        if (alert.Properties[name] is { } there)
        {
            there.Value = value;
        }
        else
        {
            alert.Properties.Add(new PSNoteProperty(name, value));
        }
    }
}
