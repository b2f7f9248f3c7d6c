using System.Diagnostics.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Webhooks;

/// <summary>
/// Delivers to one webhook: compares what was delivered with the pools, and sends the difference until it is delivered. Each
/// event has its own pauses.
/// </summary>
internal sealed partial class WebhookReceiver(
    Webhook webhook, WebhookSender sender, Counter<long> messages, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private IDeliveryLedger? ledger;
    private Dictionary<string, Delivery> deliveries = [];

    /// <summary>Delivers what is due.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="current">The deliveries. They are read once, because only this process writes them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">The deliveries could not be read or written.</exception>
    public async Task DeliverAsync(IReadOnlyList<Pool> pools, IDeliveryLedger current, CancellationToken cancellationToken)
    {
        if (ledger != current)
            (deliveries, ledger) = (await current.ReadAsync(webhook.Name), current);
        foreach (var pool in pools)
            await DeliverAsync(pool, current, cancellationToken);
    }

    private async Task DeliverAsync(Pool pool, IDeliveryLedger current, CancellationToken cancellationToken)
    {
        var (name, size) = (pool.Definition.Name, pool.Definition.Range.Size);
        var delivery = deliveries.GetValueOrDefault(name, Delivery.None);
        // The levels of a pool that was extended are new.
        if (delivery.Size != size)
            delivery = new Delivery(0, size);
        foreach (var happened in PoolEvent.After(pool, delivery.Level))
        {
            var before = delivery.Attempts is { } made && made.Level == happened.Level ? made : null;
            if (!IsDue(before))
                return;
            // First, so that nothing is sent again and again while the store can't be written.
            var now = time.GetStoredNow();
            var attempts = new DeliveryAttempts(happened.Level, before?.First ?? now, now);
            await WriteAsync(new Delivery(delivery.Level, size, attempts));
            if (await TryDeliverAsync(happened, attempts, cancellationToken))
                await WriteAsync(new Delivery(happened.Level, size));
            else
                return;
        }

        ValueTask WriteAsync(Delivery written)
        {
            deliveries[name] = delivery = written;
            return current.WriteAsync(webhook.Name, name, written);
        }
    }

    /// <summary>The pauses grow with the time that an event has not been delivered, also over restarts.</summary>
    private bool IsDue(DeliveryAttempts? attempts)
    {
        if (attempts is null)
            return true;
        var (now, failing) = (time.GetStoredNow(), attempts.Last - attempts.First);
        var pause = failing < ShortestPause ? ShortestPause : failing > LongestPause ? LongestPause : failing;
        // The clock may have gone back.
        return now >= attempts.Last + pause || now < attempts.Last;
    }

    /// <returns>Whether the event is done with: it was delivered, or is given up.</returns>
    private async Task<bool> TryDeliverAsync(
        PoolEvent happened, DeliveryAttempts attempts, CancellationToken cancellationToken)
    {
        var pool = happened.Pool.Definition.Name;
        var reason = await sender.SendAsync(happened, cancellationToken);
        var isGivenUp = reason is not null && attempts.Last - attempts.First >= webhook.GiveUpAfter;
        if (reason is null)
            LogDelivered(happened.Type, pool, webhook.Name);
        else if (isGivenUp)
            LogGivenUp(happened.Type, pool, webhook.Name, webhook.GiveUpAfter.TotalHours, reason);
        else
            LogFailed(happened.Type, pool, webhook.Name, reason);
        var outcome = reason is null ? "delivered" : isGivenUp ? "given_up" : "failed";
        messages.Add(1, new("webhook", webhook.Name), new("type", happened.Type), new("outcome", outcome));
        return reason is null || isGivenUp;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivered {Type} of pool {Pool} to the webhook {Webhook}")]
    private partial void LogDelivered(string type, string pool, string webhook);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Type} of pool {Pool} was not delivered to the webhook {Webhook}; it will be sent again: {Reason}")]
    private partial void LogFailed(string type, string pool, string webhook, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Type} of pool {Pool} was given up for the webhook {Webhook} after {Hours} hours: {Reason}")]
    private partial void LogGivenUp(string type, string pool, string webhook, double hours, string reason);
}
