using System.Text.Json;
using UniqueRandom.Client;

namespace UniqueRandom.Server.Terminal;

/// <summary>Reports attempts that the client repeats.</summary>
internal sealed class AttemptHandler(AttemptWatch attempts) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is 408 or 502 or 503 or 504)
                await ReportAsync(response, cancellationToken);
            return response;
        }
        catch (HttpRequestException error)
        {
            var isConnected = error.HttpRequestError is not (HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError);
            attempts.Failed(error.GetBaseException().Message, isConnected);
            throw;
        }
        catch (OperationCanceledException)
        {
            attempts.MayHaveArrived = true;
            throw;
        }
    }

    /// <summary>Reports what the server says. Without a problem of its own, a proxy has answered for it.</summary>
    private async Task ReportAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var (type, detail) = Read(await response.Content.ReadAsStringAsync(cancellationToken));
        attempts.Failed(
            detail ?? $"status {(int)response.StatusCode}, {response.ReasonPhrase}",
            mayHaveArrived: type is null or ProblemTypes.DrawInDoubt);
    }

    private static (string? Type, string? Detail) Read(string body)
    {
        try
        {
            var problem = JsonElement.Parse(body);
            return (problem.GetProperty("type").GetString(), problem.GetProperty("detail").GetString());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return default;
        }
    }
}
