namespace UniqueRandom.Server.Terminal;

/// <summary>Reports attempts that the client repeats.</summary>
internal sealed class AttemptHandler(AttemptWatch attempts) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            // Each of them is repeated but for refusals, whose detail is reported as the error.
            if ((int)response.StatusCode is 408 or 502 or 503 or 504)
                attempts.Failed($"status {(int)response.StatusCode}, {response.ReasonPhrase}", mayHaveArrived: true);
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
            attempts.Failed("no answer", mayHaveArrived: true);
            throw;
        }
    }
}
