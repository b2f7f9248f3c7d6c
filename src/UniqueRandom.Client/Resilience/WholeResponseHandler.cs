namespace UniqueRandom.Client.Resilience;

/// <summary>
/// Reads responses to their end, except streams, so that a request is also retried when its connection is lost in the middle of
/// the response.
/// </summary>
internal sealed class WholeResponseHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (IsStream(response))
            return response;
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool IsStream(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is MediaTypes.JsonLines or MediaTypes.Events;
}
