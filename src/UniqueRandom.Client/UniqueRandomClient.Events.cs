using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

public sealed partial class UniqueRandomClient
{
    /// <summary>
    /// Watches the pools until it is canceled. If the connection is lost, it connects again, and the next event begins a
    /// description of all pools.
    /// </summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>
    /// The events, at most 4 a second. A caller that takes them slowly gets the newest state when it takes the next one.
    /// </returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public async IAsyncEnumerable<PoolsEvent> WatchPoolsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var events = await OpenAsync(
                "events", MediaTypes.Events, ParseEvents, cancellationToken).ConfigureAwait(false);
            await using (events.ConfigureAwait(false))
            {
                while (await events.MoveNextAsync().ConfigureAwait(false))
                {
                    // A heartbeat has no data.
                    if (events.Current.Data is { } news)
                        yield return news;
                }
            }

            await Task.Delay(Reconnection, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IAsyncEnumerable<SseItem<PoolsEvent?>> ParseEvents(Stream stream, CancellationToken cancellationToken) =>
        SseParser.Create(
            stream,
            (_, data) => data.IsEmpty ? null : JsonSerializer.Deserialize(data, ClientJson.Default.PoolsEvent))
            .EnumerateAsync(cancellationToken);
}
