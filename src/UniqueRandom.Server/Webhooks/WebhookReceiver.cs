using System.Diagnostics.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Webhooks;

/// <summary>
/// Tells one receiver what happens to the pools: compares what was delivered with the pools, and sends the difference until it is
/// delivered. Each pool has its own pauses.
/// </summary>
internal sealed partial class WebhookReceiver(
    Webhook webhook, WebhookSender sender, Counter<long> messages, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private IDeliveryLedger? ledger;
    private Dictionary<string, Delivery> deliveries = [];

    /// <summary>Sends what is due.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="current">The deliveries. They are read once, because only this process writes them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">The deliveries could not be read or written.</exception>
    public async Task TellAsync(IReadOnlyList<Pool> pools, IDeliveryLedger current, CancellationToken cancellationToken)
    {
        if (ledger != current)
            (deliveries, ledger) = (await current.ReadAsync(webhook.Name), current);
        foreach (var pool in pools)
            await TellAsync(pool, current, cancellationToken);
    }

    private async Task TellAsync(Pool pool, IDeliveryLedger current, CancellationToken cancellationToken)
    {
        var name = pool.Definition.Name;
        var delivery = deliveries.GetValueOrDefault(name, Delivery.None);
        foreach (var happened in PoolEvent.After(pool, delivery.Level))
        {
            if (!IsDue(delivery))
                return;
            var reason = await sender.SendAsync(happened, cancellationToken);
            deliveries[name] = delivery = Record(happened, delivery, reason);
            await current.WriteAsync(webhook.Name, name, delivery);
        }
    }

    /// <summary>The pauses grow with the time that a message has been failing, also over restarts.</summary>
    private bool IsDue(Delivery delivery)
    {
        if (delivery is not { FailingSince: { } since, AttemptedAt: { } last })
            return true;
        var failing = last - since;
        var pause = failing < ShortestPause ? ShortestPause : failing > LongestPause ? LongestPause : failing;
        return time.GetUtcNow() >= last + pause;
    }

    private Delivery Record(in PoolEvent happened, Delivery delivery, string? reason)
    {
        var now = time.GetUtcNow();
        var since = delivery.FailingSince ?? now;
        if (reason is null)
        {
            Count(happened, "delivered");
            LogDelivered(happened.Type, happened.Pool.Definition.Name, webhook.Name);
            return new Delivery(happened.Level);
        }

        if (now - since >= webhook.GiveUpAfter)
        {
            Count(happened, "given_up");
            LogGivenUp(happened.Type, happened.Pool.Definition.Name, webhook.Name, webhook.GiveUpAfter.TotalHours, reason);
            return new Delivery(happened.Level);
        }

        Count(happened, "failed");
        LogFailed(happened.Type, happened.Pool.Definition.Name, webhook.Name, reason);
        return new Delivery(delivery.Level, since, now);
    }

    private void Count(in PoolEvent happened, string outcome) =>
        messages.Add(1, new("webhook", webhook.Name), new("type", happened.Type), new("outcome", outcome));

    [LoggerMessage(Level = LogLevel.Information, Message = "Sent {Type} of pool {Pool} to the webhook {Webhook}")]
    private partial void LogDelivered(string type, string pool, string webhook);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Type} of pool {Pool} was not delivered to the webhook {Webhook} and will be sent again: {Reason}")]
    private partial void LogFailed(string type, string pool, string webhook, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Type} of pool {Pool} was given up after {Hours} hours for the webhook {Webhook}: {Reason}")]
    private partial void LogGivenUp(string type, string pool, string webhook, double hours, string reason);
}
