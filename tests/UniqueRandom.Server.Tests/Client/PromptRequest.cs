using System.Net;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>Sends requests that must be answered while others hang.</summary>
internal static class PromptRequest
{
    /// <summary>A bound on a hang, not a measurement.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task<HttpStatusCode> GetPromptlyAsync(this HttpClient client, string path)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Timeout);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), timeout.Token);
        return response.StatusCode;
    }
}
