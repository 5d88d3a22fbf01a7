using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Closes a connection: the one that is named or piped in, else this runspace's default. The last one of an account
/// wipes its token and secret from memory.
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "DrmmApi")]
[OutputType(typeof(void))]
public sealed class DisconnectDrmmApiCommand : PSCmdlet
{
    private readonly List<Connection> _piped = new();

    /// <summary>The connection to close, as <c>Connect-DrmmApi -PassThru</c> gives it.</summary>
    [Parameter]
    [ValidateNotNull]
    public Connection? Connection { get; set; }

    /// <summary>Ignored, as by the plain function that this command replaces.</summary>
    [Parameter(DontShow = true, ValueFromRemainingArguments = true)]
    public object? StrayArguments { get; set; }

    /// <summary>Connections; anything else is ignored, as by the plain function that this command replaces.</summary>
    [Parameter(DontShow = true, ValueFromPipeline = true)]
    public object? StrayInput { get; set; }

    /// <summary>Notes a connection that was piped in.</summary>
    protected override void ProcessRecord()
    {
        if ((StrayInput is PSObject wrapper ? wrapper.BaseObject : StrayInput) is Connection connection)
        {
            _piped.Add(connection);
        }
    }

    /// <summary>Closes.</summary>
    protected override void EndProcessing()
    {
        try
        {
            if (Connection != null)
            {
                _piped.Add(Connection);
            }
            if (_piped.Count == 0)
            {
                Connections.Disconnect(Runspace.DefaultRunspace);
            }
            _piped.ForEach(Connections.Close);
        }
        catch (DrmmException fault)
        {
            WriteError(fault.ToErrorRecord(Connection));
        }
    }
}
