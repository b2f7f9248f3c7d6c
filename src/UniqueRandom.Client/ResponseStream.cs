using System.Text.Json;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

/// <summary>Reads the items of a streamed response, and tells its end from a loss of the connection. Not thread-safe.</summary>
internal sealed class ResponseStream<T> : IAsyncDisposable
{
    private readonly HttpResponseMessage response;
    private readonly TimeSpan silence;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenSource ending;
    private readonly IAsyncEnumerator<T> items;

    /// <param name="response">The response, which is disposed with the stream.</param>
    /// <param name="items">Reads the items with a token.</param>
    /// <param name="silence">How long nothing may arrive before the connection counts as lost.</param>
    /// <param name="cancellationToken">A token to cancel the reading.</param>
    public ResponseStream(
        HttpResponseMessage response,
        Func<CancellationToken, IAsyncEnumerable<T>> items,
        TimeSpan silence,
        CancellationToken cancellationToken)
    {
        this.response = response;
        this.silence = silence;
        this.cancellationToken = cancellationToken;
        ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        this.items = items(ending.Token).GetAsyncEnumerator(ending.Token);
    }

    public T Current => items.Current;

    /// <summary>Gets whether the connection was lost before the end of the response.</summary>
    public bool IsBroken { get; private set; }

    /// <returns>False at the end of the response, or if the connection is lost.</returns>
    /// <exception cref="OperationCanceledException">The caller has canceled; the exception has the caller's token.</exception>
    /// <exception cref="UniqueRandomException">The response isn't from a UniqueRandom server.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        ending.CancelAfter(silence);
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (Attempts.HasNoResponse(error, cancellationToken))
        {
            IsBroken = true;
            return false;
        }
        catch (OperationCanceledException error) when (error.CancellationToken != cancellationToken)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new UniqueRandomException(response.StatusCode, new Problem(), inner: error);
        }
        finally
        {
            // The caller may take its time with the item.
            ending.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await items.DisposeAsync().ConfigureAwait(false);
        ending.Dispose();
        response.Dispose();
    }
}
