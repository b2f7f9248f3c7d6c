using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

public sealed partial class UniqueRandomClient
{
    /// <summary>Gets the name and the roles of the access key.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The name and the roles.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public Task<CallerStatus> GetCallerAsync(CancellationToken cancellationToken = default) =>
        GetAsync("whoami", ClientJson.Default.CallerStatus, cancellationToken);

    /// <summary>Gets the metrics of the server.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The metrics in the text format of Prometheus.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public async Task<string> GetMetricsAsync(CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            NewRequest(HttpMethod.Get, "metrics"), MediaTypes.Metrics, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks once whether the server process is alive.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>
    /// <see langword="false"/> if it does not respond, or the response isn't from a UniqueRandom server.
    /// </returns>
    public Task<bool> IsAliveAsync(CancellationToken cancellationToken = default) => CheckAsync("health", cancellationToken);

    /// <summary>Checks once whether a draw could be recorded now.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>
    /// <see langword="false"/> if it could not, the server does not respond, or the response isn't from a UniqueRandom server.
    /// </returns>
    public Task<bool> IsReadyAsync(CancellationToken cancellationToken = default) =>
        CheckAsync("health/ready", cancellationToken);

    private async Task<bool> CheckAsync(string path, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Get, path);
        request.Options.Set(Attempts.IsOnlyOne, true);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return IsSuccess(response, MediaTypes.Json);
        }
        catch (Exception error) when (Attempts.HasNoResponse(error, cancellationToken))
        {
            return false;
        }
    }
}
