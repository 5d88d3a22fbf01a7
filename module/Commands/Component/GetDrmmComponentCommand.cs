using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands;

/// <summary>Gets the components that jobs can run.</summary>
/// <remarks>
/// <para>
/// The API has one list of components, which is read page by page; names and uids are compared here. Each component
/// says in variables which values it takes, with type and default.
/// </para>
/// <para>The uid of a component goes with the -Component of Start-DrmmQuickJob, which takes the name too.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmComponent -Name '*reboot*'</code>
/// <para>Finds components by a part of their name.</para>
/// </example>
/// <example>
/// <code>(Get-DrmmComponent -ComponentUid $componentUid).variables</code>
/// <para>Shows which variables a component takes.</para>
/// </example>
/// <example>
/// <code>Get-DrmmComponent -Property name, uid</code>
/// <para>Lists the components in two columns.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmComponent", DefaultParameterSetName = NameSet)]
[OutputType("DattoRMM.Component")]
public sealed class GetDrmmComponentCommand : DrmmListCommand
{
    private const string NameSet = "Name";
    private const string UidSet = "Uid";

    /// <summary>The name, which may hold wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet)]
    [SupportsWildcards]
    [Text]
    [ArgumentCompleter(typeof(ComponentCompleter))]
    public string? Name { get; set; }

    /// <summary>The uid of a single component.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UidSet)]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? ComponentUid { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        ParameterSetName == UidSet
            ? Components.One(Required(nameof(ComponentUid), ComponentUid))
            : Components.All.Where(NamePattern.Like("name", Narrowing(nameof(Name), Name)), "name");
}
