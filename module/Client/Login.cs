using System;
using System.Management.Automation;
using System.Security;

namespace DattoRMM.Client;

/// <summary>
/// Whom to log in as, and where: what was given, else what the environment says. From the environment a URL is taken
/// only if it is one of Datto's own, since the secret goes there.
/// </summary>
internal sealed class Login : IDisposable
{
    private const string UrlVariable = "DRMM_API_URL";
    private const string PlatformVariable = "DRMM_API_PLATFORM";
    private const string KeyVariable = "DRMM_API_KEY";
    private const string SecretVariable = "DRMM_API_SECRET";

    private readonly SecureString _secret;

    private Login(string url, string key, SecureString secret)
    {
        Url = url;
        Key = key;
        _secret = secret;
    }

    internal string Url { get; }

    internal string Key { get; }

    /// <summary>With a key and secret that were given.</summary>
    internal static Login With(string url, string key, string secret) => new(url, key, Secure(secret));

    /// <summary>With a credential: the user name is the key, the password the secret.</summary>
    internal static Login With(string url, PSCredential credential) =>
        new(url, credential.UserName, credential.Password.Copy());

    /// <summary>With the key and secret of the environment.</summary>
    /// <exception cref="DrmmException">They are not there.</exception>
    internal static Login FromEnvironment(string url) =>
        Variable(KeyVariable) is { } key && Variable(SecretVariable) is { } secret
            ? With(url, key, secret)
            : throw Refuse(Messages.NoEnvironmentKey);

    /// <summary>The URL that the environment names.</summary>
    /// <exception cref="DrmmException">It names none, or one that is not a platform's.</exception>
    internal static string UrlFromEnvironment()
    {
        if (Variable(UrlVariable) is { } url)
        {
            return Platform.Owns(url) ? url : throw Refuse(Messages.ForeignEnvironmentUrl(UrlVariable));
        }
        return Variable(PlatformVariable) is { } name ? Platform.UrlOf(name) : throw Refuse(Messages.NoUrl);
    }

    /// <summary>The options document of the library's contract. It holds the secret: the caller wipes it.</summary>
    /// <param name="userAgent">Sent with each request.</param>
    /// <param name="proxy">The proxy that was given; without it the environment and the system decide.</param>
    internal byte[] ToOptions(string userAgent, Uri? proxy)
    {
        using JsonWriter json = new();
        json.BeginObject();
        json.Property("url", Url);
        json.Property("key", Key);
        json.Property("secret", _secret);
        json.Property("userAgent", userAgent);
        json.Property("proxy", proxy == null ? EnvironmentProxy.For(Url) : EnvironmentProxy.Address(proxy));
        json.EndObject();
        return json.ToBytes();
    }

    public void Dispose() => _secret.Dispose();

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static SecureString Secure(string secret)
    {
        SecureString secure = new();
        foreach (char character in secret)
        {
            secure.AppendChar(character);
        }
        return secure;
    }

    private static DrmmException Refuse(string message) => new(ErrorKind.InvalidArgument, message);
}
