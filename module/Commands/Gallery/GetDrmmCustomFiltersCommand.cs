using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Completers;

namespace DattoRMM.Commands.Gallery;

/// <summary>Gets the account's own device filters.</summary>
/// <remarks>
/// <para>
/// All pages are read. With -Name only the filter of exactly that name comes, upper and lower case being the same. The
/// number of a filter goes with the -FilterId of Get-DrmmDevice.
/// </para>
/// <para>New scripts may prefer Get-DrmmFilter -Custom, whose -Name takes wildcards.</para>
/// </remarks>
/// <example>
/// <code>Get-DrmmCustomFilters</code>
/// <para>Lists the account's own device filters.</para>
/// </example>
/// <example>
/// <code>foreach ($filter in Get-DrmmCustomFilters -Name 'All Servers') { Get-DrmmDevice -FilterId $filter.id }</code>
/// <para>Gets the devices that a filter picks, if there is one of this name.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "DrmmCustomFilters")]
[OutputType("DattoRMM.Filter")]
public sealed class GetDrmmCustomFiltersCommand : DrmmCommand
{
    /// <summary>The name of the filter, as a whole.</summary>
    [Parameter(Position = 0)]
    [Text]
    [ArgumentCompleter(typeof(FilterNameCompleter))]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override Call Describe() =>
        Filters.Custom.Where(Narrowing(nameof(Name), Name) is { } name ? NamePattern.Equal("name", name) : null);
}
