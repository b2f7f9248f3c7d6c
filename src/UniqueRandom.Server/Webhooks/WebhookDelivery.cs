using System.Diagnostics.Metrics;
using UniqueRandom.Metrics;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Webhooks;

/// <summary>
/// Delivers events to all webhooks, while this process has the right to. Nothing of it is in the path of a draw: it reads the
/// pools as a scrape of metrics does.
/// </summary>
internal sealed partial class WebhookDelivery : BackgroundService
{
    /// <summary>How often the pools are looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often a process without the right tries to get it, and the one with the right checks it.</summary>
    private static readonly TimeSpan LeaseInterval = TimeSpan.FromSeconds(5);

    private readonly Meter meter = new(DrawActivity.MeterName);
    private readonly List<WebhookSender> senders;
    private readonly List<WebhookReceiver> receivers;
    private readonly IDeliveryStore store;
    private readonly PoolReading reading;
    private readonly DrawQueue queue;
    private readonly StartGate start;
    private readonly TimeProvider time;
    private readonly ILogger<WebhookDelivery> logger;
    private string? logged;

    public WebhookDelivery(
        IReadOnlyList<Webhook> webhooks,
        IDeliveryStore store,
        PoolReading reading,
        DrawQueue queue,
        StartGate start,
        TimeProvider time,
        ILogger<WebhookDelivery> logger)
    {
        (this.store, this.reading, this.queue, this.start, this.time, this.logger) = (store, reading, queue, start, time, logger);
        var messages = meter.CreateCounter<long>(
            "uniquerandom.webhook.messages", "{message}", "Attempts to deliver events, by webhook, type and outcome.");
        senders = [.. webhooks.Select(webhook => new WebhookSender(webhook, time))];
        receivers =
        [
            .. webhooks.Zip(senders, (webhook, sender) => new WebhookReceiver(webhook, sender, messages, time, logger)),
        ];
    }

    public override void Dispose()
    {
        senders.ForEach(sender => sender.Dispose());
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await start.WaitAsync(stoppingToken))
        {
        }

        for (; ; await Task.Delay(LeaseInterval, time, stoppingToken))
        {
            try
            {
                await using var ledger = await store.TryLeaseAsync(stoppingToken);
                logged = null;
                if (ledger is not null)
                    await DeliverAsync(ledger, stoppingToken);
            }
#pragma warning disable CA1031 // No error of a webhook ends the server.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (error is StoreException { Fault: StoreFault.Fatal })
                    queue.Fail(error);
                LogOnce(error);
            }
        }
    }

    /// <summary>Delivers to each receiver on its own, so that one that is slow delays no other, until the store fails.</summary>
    private async Task DeliverAsync(IDeliveryLedger ledger, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = receivers.ConvertAll(receiver => DeliverAsync(receiver, ledger, ending.Token));
        running.Add(CheckAsync(ledger, ending.Token));
        var first = await Task.WhenAny(running);
        await ending.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task DeliverAsync(WebhookReceiver receiver, IDeliveryLedger ledger, CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(Interval, time, cancellationToken))
            await receiver.DeliverAsync(reading.Current, ledger, cancellationToken);
    }

    private async Task CheckAsync(IDeliveryLedger ledger, CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(LeaseInterval, time, cancellationToken))
            await ledger.CheckAsync();
    }

    private void LogOnce(Exception error)
    {
        if (error.Message == logged)
            return;
        logged = error.Message;
        if (error is StoreException)
            LogPaused(error.Message);
        else
            LogFailed(error);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks wait for the store: {Reason}")]
    private partial void LogPaused(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks failed unexpectedly, and begin again")]
    private partial void LogFailed(Exception error);
}
