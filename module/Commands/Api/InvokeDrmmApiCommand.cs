using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Calls any operation of the API, for what has no command of its own.</summary>
/// <remarks>
/// <para>Sends a request with whatever method, path, query and body, inside the account's quota and with the same
/// care for passing faults as every other command, and gives the answer as objects, as text (-Raw), or as the items of
/// all pages of a list (-All).</para>
/// <para>The path is that of the API's description below /api/. What goes into it as a uid or a name should be encoded
/// with [uri]::EscapeDataString() if it may hold other than letters, digits and dashes.</para>
/// <para>Every method but GET counts as a change: -WhatIf shows it, and nothing is sent.</para>
/// </remarks>
/// <example>
/// <code>Invoke-DrmmApi v2/account/sites -All -Query @{ siteName = 'Acme' }</code>
/// <para>Reads all pages of a list, and gives the sites one by one.</para>
/// </example>
/// <example>
/// <code>Invoke-DrmmApi v2/alert/$alertUid/resolve -Method POST</code>
/// <para>Resolves an alert. The answer is empty.</para>
/// </example>
/// <example>
/// <code>
/// $variable = @{ name = 'region'; value = 'north'; masked = $false }
/// Invoke-DrmmApi v2/account/variable -Method PUT -Body $variable
/// </code>
/// <para>Sends a hashtable as JSON.</para>
/// </example>
/// <example>
/// <code>Invoke-DrmmApi v2/device/$deviceUid -Raw</code>
/// <para>Gives the answer's JSON as it came.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "DrmmApi", SupportsShouldProcess = true, DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(PSObject), typeof(string))]
public sealed class InvokeDrmmApiCommand : DrmmCommand
{
    private const string ObjectSet = "Object";
    private const string AllSet = "All";
    private const string RawSet = "Raw";

    /// <summary>The path below <c>/api/</c>, such as <c>v2/account/sites</c>; it may hold a query.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Text]
    public string Path { get; set; } = "";

    /// <summary>The HTTP method; GET by default.</summary>
    [Parameter]
    [ValidateSet("GET", "PUT", "POST", "DELETE")]
    [Text]
    public string Method { get; set; } = "GET";

    /// <summary>The body: JSON as text, or a hashtable or object that becomes JSON.</summary>
    [Parameter(ParameterSetName = ObjectSet)]
    [Parameter(ParameterSetName = RawSet)]
    [ValidateNotNull]
    public object? Body { get; set; }

    /// <summary>Query parameters, by name. A list gives one for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Query { get; set; }

    /// <summary>Reads all pages of a list, and gives its items one by one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <summary>With -All, the field of a page that holds its items; by default it follows from the path.</summary>
    [Parameter(ParameterSetName = AllSet)]
    [ValidateNotNullOrEmpty]
    [Text]
    public string? Items { get; set; }

    /// <summary>Gives the answer's text as it came.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RawSet)]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected override Call Describe()
    {
        Call call = All ? DescribeList() : DescribeOne();
        if (Query != null)
        {
            foreach (DictionaryEntry parameter in Query)
            {
                call = AddQuery(call, ApiText.Of(parameter.Key), parameter.Value);
            }
        }
        return (Raw ? call.Text() : call).For(Path);
    }

    private bool IsGet => string.Equals(Method, "GET", StringComparison.OrdinalIgnoreCase);

    private Call DescribeOne() =>
        Body != null && IsGet
            ? throw new DrmmException(ErrorKind.InvalidArgument, Messages.BodyNeedsWrite)
            : Call.Send(Method, Path).Body(Body);

    private Call DescribeList() =>
        IsGet
            ? Call.Pages(null, Items ?? ItemsField.Of(Path), Path)
            : throw new DrmmException(ErrorKind.InvalidArgument, Messages.PagesNeedGet);

    private static Call AddQuery(Call call, string name, object? value)
    {
        object? plain = value is PSObject wrapper ? wrapper.BaseObject : value;
        return plain switch
        {
            null or IList { Count: 0 } =>
                throw new DrmmException(ErrorKind.InvalidArgument, Messages.NullQuery(name)),
            _ when TextAttribute.HasFields(plain) =>
                throw new DrmmException(ErrorKind.InvalidArgument, Messages.QueryNotText(name)),
            IList list => list.Cast<object?>().Aggregate(call, (before, one) => AddQuery(before, name, one)),
            _ => call.Query(name, ApiText.Of(plain)),
        };
    }
}
