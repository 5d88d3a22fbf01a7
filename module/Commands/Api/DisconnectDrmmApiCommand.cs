using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Closes a connection: the one that is named or piped in, else this runspace's default.</summary>
/// <remarks>
/// <para>The last connection of an account takes its token and its secret key with it: they are wiped from memory.
/// Nothing is sent. Commands that are running on the connection in other runspaces end first.</para>
/// <para>Where there is no connection, nothing happens.</para>
/// </remarks>
/// <example>
/// <code>Disconnect-DrmmApi</code>
/// <para>Closes the connection of this runspace.</para>
/// </example>
/// <example>
/// <code>
/// $one = Connect-DrmmApi -Url $url -Credential $credential -PassThru
/// Disconnect-DrmmApi -Connection $one
/// </code>
/// <para>Closes one of several connections.</para>
/// </example>
/// <seealso cref="ConnectDrmmApiCommand"/>
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
