using System;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using DattoRMM.Client;
using DattoRMM.Completers;
using DattoRMM.Native;

namespace DattoRMM.Commands;

/// <summary>Logs in to an account, which the commands of this runspace then speak for.</summary>
/// <remarks>
/// <para>Takes the API key and its secret key as a credential, as text, or from the environment variables
/// DRMM_API_KEY and DRMM_API_SECRET; and where the account is by its platform's name, its URL, or the variable
/// DRMM_API_PLATFORM or DRMM_API_URL. A URL from the environment has to be one of Datto's own.</para>
/// <para>Each runspace has its own default connection, the last one that it made. Whatever was the default before is
/// gone first: after a failed attempt no command speaks to the former account. A runspace that never connected uses
/// the account of its process if there is exactly one.</para>
/// <para>The token is renewed by itself when its time is over. All connections of a process to one account share token
/// and quota.</para>
/// <para>When the login fails, the reason goes to the host (scripts read it with 6>&amp;1) and is an error.</para>
/// </remarks>
/// <example>
/// <code>Connect-DrmmApi -Url $url -Credential $credential</code>
/// <para>Logs in at a URL. The credential's user name is the API key, its password the secret key.</para>
/// </example>
/// <example>
/// <code>
/// $one = Connect-DrmmApi -Url $url -Credential $credential -PassThru
/// Get-DrmmSite -Connection $one
/// </code>
/// <para>Keeps the connection, to work with several accounts in one session.</para>
/// </example>
/// <example>
/// <code>
/// $env:DRMM_API_KEY = $credential.UserName
/// $env:DRMM_API_SECRET = $credential.GetNetworkCredential().Password
/// Connect-DrmmApi -Url $url
/// </code>
/// <para>Takes key and secret from the environment, as in a component script.</para>
/// </example>
/// <seealso cref="DisconnectDrmmApiCommand"/>
/// <seealso href="about_DattoRMM"/>
[Cmdlet(VerbsCommunications.Connect, "DrmmApi", DefaultParameterSetName = EnvironmentSet)]
[Alias("Set-DrmmApiParameters")]
[OutputType(typeof(Connection))]
public sealed class ConnectDrmmApiCommand : PSCmdlet
{
    private const string EnvironmentSet = "Environment";
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";

    private readonly LoginRun _login;

    /// <summary>Made by the engine.</summary>
    public ConnectDrmmApiCommand() => _login = new LoginRun(this);

    // Missing, empty and unknown values are refused below, not by the engine: it would refuse them before the former
    // default is forgotten.

    /// <summary>
    /// The API's URL, such as https://pinotage-api.centrastage.net. It has to be https, but for this machine's own
    /// addresses.
    /// </summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(UrlCompleter))]
    public string? Url { get; set; }

    /// <summary>
    /// The platform's name, in place of its URL: concord, merlot, pinotage, syrah, vidal or zinfandel.
    /// </summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>The API key.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [AllowNull]
    [AllowEmptyString]
    public string? Key { get; set; }

    /// <summary>The API secret key, as text or as a secure string.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [AllowNull]
    [AllowEmptyString]
    [Secret]
    public string? SecretKey { get; set; }

    /// <summary>API key and secret key as user name and password.</summary>
    [Parameter(ParameterSetName = CredentialSet)]
    [AllowNull]
    [KeyCredential]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// The proxy to use, HTTP or SOCKS, such as http://proxy.example:8080. Without it the environment (HTTPS_PROXY,
    /// ALL_PROXY, NO_PROXY) and the operating system decide.
    /// </summary>
    [Parameter]
    [AllowNull]
    [ProxyAddress]
    public Uri? Proxy { get; set; }

    /// <summary>Gives the connection, for the parameter Connection of other commands.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What no parameter takes, such as a misspelt name and its value: it is refused.</summary>
    [Parameter(DontShow = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Leftover { get; set; }

    /// <summary>Logs in.</summary>
    protected override void EndProcessing()
    {
        Connection? former = Connections.Forget(Runspace.DefaultRunspace);
        Connection connection;
        try
        {
            RefuseLeftover();
            using Login login = ChooseLogin();
            connection = Connect(login);
            Connections.SetDefault(Runspace.DefaultRunspace, connection);
        }
        catch (DrmmException fault)
        {
            Report(fault);
            return;
        }
        finally
        {
            // Not before: the last session of an account takes its token with it, and a new login would need another.
            former?.Close();
        }
        if (PassThru)
        {
            WriteObject(connection);
        }
    }

    /// <summary>Ends the login, from the thread that stops the pipeline.</summary>
    protected override void StopProcessing() => _login.Cancel();

    private void Report(DrmmException fault)
    {
        if (fault.Kind != ErrorKind.InvalidArgument)
        {
            // Scripts for the gallery module look at 6>&1 to see whether the login failed.
            this.WriteHost(fault.Message);
        }
        WriteError(fault.ToErrorRecord(Target()));
    }

    /// <summary>What an error is about: the URL without what may be credentials, or the platform.</summary>
    private string? Target() =>
        Uri.TryCreate(Url, UriKind.Absolute, out Uri? url)
            ? url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : Platform;

    private void RefuseLeftover()
    {
        if (Leftover is { Length: > 0 })
        {
            string? name = Leftover.OfType<string>().FirstOrDefault(IsName);
            throw Refuse(name == null ? Messages.NoPosition : Messages.NoParameter(name.TrimEnd(':')));
        }
    }

    /// <summary>
    /// Whether a leftover is certainly a parameter's name. The engine does not tell names from values, and a value may
    /// be a secret, which is longer and not of letters only.
    /// </summary>
    private static bool IsName(string leftover) => Regex.IsMatch(leftover, "^-[A-Za-z]{1,16}:?$");

    private Login ChooseLogin() => ParameterSetName switch
    {
        KeySet => Login.With(ChooseUrl(), Required(nameof(Key), Key), Required(nameof(SecretKey), SecretKey)),
        CredentialSet => Login.With(ChooseUrl(), Credential ?? throw Refuse(Messages.NoCredential)),
        _ => Login.FromEnvironment(ChooseUrl()),
    };

    private string ChooseUrl() => (IsBound(nameof(Url)), IsBound(nameof(Platform))) switch
    {
        (true, true) => throw Refuse(Messages.UrlAndPlatform),
        (true, false) => Required(nameof(Url), Url),
        (false, true) => Client.Platform.UrlOf(Required(nameof(Platform), Platform)),
        _ => Login.UrlFromEnvironment(),
    };

    private Connection Connect(Login login)
    {
        if (IsBound(nameof(Proxy)) && Proxy is not { IsAbsoluteUri: true })
        {
            throw Refuse(Messages.NotAUrl(nameof(Proxy)));
        }
        byte[] options = login.ToOptions(UserAgent.Of(SessionState), Proxy);
        NativeSession session;
        try
        {
            session = NativeSession.Connect(options);
        }
        finally
        {
            Array.Clear(options, 0, options.Length);
        }
        try
        {
            _login.Wait(session);
            return new Connection(session, login.Url, login.Key, Runspace.DefaultRunspace, PassThru);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private static string Required(string parameter, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw Refuse(Messages.Empty(parameter)) : value!;

    private static DrmmException Refuse(string message) => new(ErrorKind.InvalidArgument, message);
}
