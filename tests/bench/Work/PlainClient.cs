using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DattoRMM.Bench.Work;

/// <summary>Reads the API without the module: what anyone writes with HttpClient, one page after the other.</summary>
internal sealed class PlainClient : IDisposable
{
    private readonly HttpClient _http =
        new(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All });
    private readonly Account _account;

    private PlainClient(Account account) => _account = account;

    /// <summary>A client that has its token.</summary>
    internal static PlainClient LoggedIn(Account account)
    {
        PlainClient client = new(account);
        using HttpRequestMessage request = new(HttpMethod.Post, account.Url + "/auth/oauth/token")
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "password"), new("username", account.Key), new("password", account.Secret),
            ]),
        };
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String("public-client:public"u8));
        using JsonDocument answer = JsonDocument.Parse(client.Send(request));
        string token = answer.RootElement.GetProperty("access_token").GetString()!;
        client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>The text of the pages of devices; each is fetched when it is asked for.</summary>
    internal IEnumerable<byte[]> DevicePages()
    {
        string? url = _account.Url + "/api/v2/account/devices?max=250";
        while (url != null)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            byte[] page = Send(request);
            yield return page;
            using JsonDocument document = JsonDocument.Parse(page);
            url = document.RootElement.GetProperty("pageDetails").GetProperty("nextPageUrl").GetString();
        }
    }

    public void Dispose() => _http.Dispose();

    private byte[] Send(HttpRequestMessage request)
    {
        using HttpResponseMessage response = _http.Send(request);
        response.EnsureSuccessStatusCode();
        using MemoryStream body = new();
        response.Content.ReadAsStream().CopyTo(body);
        return body.ToArray();
    }
}
