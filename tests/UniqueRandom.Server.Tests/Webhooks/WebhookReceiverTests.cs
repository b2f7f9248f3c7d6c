using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Webhooks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Server.Tests.Webhooks;

/// <summary>What a receiver is told, and when.</summary>
public sealed class WebhookReceiverTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly TemporaryDirectory directory = new();
    private readonly Meter meter = new("test");
    private WebhookInbox inbox = null!;
    private SqlitePoolStore store = null!;
    private IDeliveryLedger ledger = null!;
    private WebhookReceiver receiver = null!;
    private WebhookSender sender = null!;

    public async ValueTask InitializeAsync()
    {
        inbox = await WebhookInbox.StartAsync();
        await OpenAsync();
        await store.CreateAsync(new PoolDefinition("raffle", new PoolRange(1, 1000)), Seeds.Counting, default);
        await store.SeedAsync("raffle", null, default);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await inbox.DisposeAsync();
        meter.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Each_level_is_delivered_once_in_order()
    {
        await DrawAsync(799);
        await DeliverAsync();
        Assert.Empty(inbox.Messages);

        foreach (var count in (int[])[1, 100, 50, 10, 29, 10])
        {
            await DrawAsync(count);
            await DeliverAsync();
            await DeliverAsync();
        }

        await DrawAsync(1);
        await store.CloseAsync("raffle", default);
        await DeliverAsync();

        Assert.Equal(
            ["pool.low raffle 80", "pool.low raffle 95", "pool.low raffle 99", "pool.exhausted raffle", "pool.closed raffle"],
            inbox.Messages.Select(message => message.ToString()));
        Assert.Equal(5, inbox.Messages.DistinctBy(message => message.Id).Count());
        Assert.Equal(
            """{"type":"pool.low","timestamp":"2026-01-02T03:04:05+00:00","data":"""
            + """{"pool":"raffle","percent":80,"size":1000,"drawn":800,"remaining":200}}""",
            inbox.Messages.First().Body);
    }

    [Fact]
    public async Task Of_levels_that_are_reached_together_the_highest_is_delivered_and_then_the_close()
    {
        await DrawAsync(960);
        await store.CloseAsync("raffle", default);
        await DeliverAsync();

        Assert.Equal(["pool.low raffle 95", "pool.closed raffle"], inbox.Messages.Select(message => message.ToString()));
    }

    [Fact]
    public async Task The_levels_of_a_pool_that_is_extended_are_delivered_anew()
    {
        await DrawAsync(1000);
        await DeliverAsync();
        await store.ExtendAsync(new ExtensionRequest("raffle", 2000), Seeds.Zero, default);
        await store.SeedAsync("raffle", null, default);
        await DeliverAsync();
        Assert.Single(inbox.Messages);
        await ReopenAsync();
        foreach (var count in (int[])[600, 300, 100])
        {
            await DrawAsync(count);
            await DeliverAsync();
            await DeliverAsync();
            await ReopenAsync();
        }

        await store.ExtendAsync(new ExtensionRequest("raffle", 2001), Seeds.Number(1), default);
        await store.SeedAsync("raffle", null, default);
        await DeliverAsync();
        await store.CloseAsync("raffle", default);
        await DeliverAsync();

        Assert.Equal(
            "pool.exhausted, pool.low 80, pool.low 95, pool.exhausted, pool.low 99, pool.closed",
            string.Join(", ", inbox.Messages).Replace(" raffle", "", StringComparison.Ordinal));
        Assert.Equal(6, inbox.Messages.DistinctBy(message => message.Id).Count());
    }

    [Fact]
    public async Task Retries_have_growing_pauses_and_the_same_id_over_restarts()
    {
        inbox.Status = StatusCodes.Status503ServiceUnavailable;
        await DrawAsync(800);
        List<double> attempts = [];
        for (var second = 0; attempts.Count < 8; second++)
        {
            var before = inbox.Messages.Count;
            await DeliverAsync();
            if (inbox.Messages.Count > before)
                attempts.Add(second);
            if (second % 7 == 3)
                await ReopenAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 5, 10, 20, 40, 80, 160, 320], attempts);
        inbox.Status = StatusCodes.Status200OK;
        time.Advance(TimeSpan.FromSeconds(400));
        await DeliverAsync();
        await ReopenAsync();
        await DeliverAsync();
        Assert.Equal(9, inbox.Messages.Count);
        Assert.Single(inbox.Messages.DistinctBy(message => message.Id));
        Assert.Equal(9, inbox.Messages.DistinctBy(message => message.Timestamp).Count());
    }

    [Fact]
    public async Task After_the_time_to_give_up_a_message_is_counted_and_left()
    {
        using var listener = new MeterListener();
        List<string> outcomes = [];
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => outcomes.Add($"{tags[2].Value} {value}"));
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter == meter)
                own.EnableMeasurementEvents(instrument);
        };
        listener.Start();
        inbox.Status = StatusCodes.Status500InternalServerError;
        await DrawAsync(800);
        await DeliverAsync();
        time.Advance(TimeSpan.FromHours(72));
        await DeliverAsync();
        inbox.Status = StatusCodes.Status200OK;
        await DeliverAsync();
        await DrawAsync(150);
        await DeliverAsync();

        Assert.Equal(["failed 1", "given_up 1", "delivered 1"], outcomes);
        Assert.Equal(
            ["pool.low raffle 80", "pool.low raffle 80", "pool.low raffle 95"],
            inbox.Messages.Select(message => message.ToString()));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        inbox.Status = StatusCodes.Status302Found;
        await DrawAsync(800);
        await DeliverAsync();
        Assert.Single(inbox.Messages);
    }

    [Fact]
    public async Task An_address_that_is_not_public_is_not_connected_to()
    {
        CreateReceiver(allowsPrivate: false);
        await DrawAsync(800);
        await DeliverAsync();

        Assert.Empty(inbox.Messages);
        Assert.NotNull((await ledger.ReadAsync("ops"))["raffle"].Attempts);
        using var refusing = new WebhookSender(Create(new Uri("http://127.0.0.1:1/"), false), time);
        Assert.Equal(
            "127.0.0.1 has the address 127.0.0.1, and AllowPrivate is not true",
            await refusing.SendAsync(
                new PoolEvent((await store.FindAsync("raffle", default))!, 80), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Each_event_has_its_own_pauses_and_time_to_give_up()
    {
        inbox.Status = StatusCodes.Status500InternalServerError;
        await DrawAsync(800);
        await DeliverAsync();
        time.Advance(TimeSpan.FromHours(71));
        await DeliverAsync();
        await DrawAsync(200);
        await DeliverAsync();
        time.Advance(TimeSpan.FromHours(2));
        inbox.Status = StatusCodes.Status200OK;
        await DeliverAsync();

        Assert.Equal(
            ["pool.low raffle 80", "pool.low raffle 80", "pool.exhausted raffle", "pool.exhausted raffle"],
            inbox.Messages.Select(message => message.ToString()));
    }

    [Fact]
    public async Task A_clock_that_goes_back_delays_nothing()
    {
        inbox.Status = StatusCodes.Status500InternalServerError;
        await DrawAsync(800);
        await DeliverAsync();
        time.AdjustTime(time.GetUtcNow() - TimeSpan.FromDays(1));
        await DeliverAsync();
        Assert.Equal(2, inbox.Messages.Count);
    }

    [Fact]
    public async Task Nothing_is_sent_while_the_attempt_cannot_be_written()
    {
        await DrawAsync(800);
        var pools = await store.ListAsync(null, 100, default);
        await DeliverAsync([]);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => DeliverAsync(pools));

        Assert.Empty(inbox.Messages);
    }

    [Fact]
    public async Task Each_secret_signs()
    {
        var second = $"whsec_{Convert.ToBase64String(new byte[32])}";
        sender.Dispose();
        var webhook = Create(new Uri(inbox.Url), true) with
        {
            Secrets = [WebhookSecret.Parse(WebhookInbox.Secret)!, WebhookSecret.Parse(second)!],
        };
        using var both = new WebhookSender(webhook, time);
        await DrawAsync(800);
        Assert.Null(await both.SendAsync(
            new PoolEvent((await store.FindAsync("raffle", default))!, 80), TestContext.Current.CancellationToken));

        var message = Assert.Single(inbox.Messages);
        Assert.Equal($"{time.GetUtcNow().ToUnixTimeSeconds()}", message.Timestamp);
        Assert.Equal(
            webhook.Secrets.Select(secret => secret.Sign(message.Id, message.Timestamp, Encoding.UTF8.GetBytes(message.Body))),
            message.Signature.Split(' '));
    }

    private static Webhook Create(Uri url, bool allowsPrivate) => new(
        "ops", url, [WebhookSecret.Parse(WebhookInbox.Secret)!], allowsPrivate, TimeSpan.FromHours(72));

    private async Task DrawAsync(int count)
    {
        var outcome = new DrawOutcome[1];
        await store.CommitAsync(new[] { new DrawRequest("raffle", count) }, outcome);
    }

    private async Task DeliverAsync() => await DeliverAsync(await store.ListAsync(null, 100, default));

    private Task DeliverAsync(IReadOnlyList<Pool> pools) =>
        receiver.DeliverAsync(pools, ledger, TestContext.Current.CancellationToken);

    private async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        store = new SqlitePoolStore(directory.Database, time);
        await store.OpenAsync(null, default);
        ledger = (await store.TryLeaseAsync(default))!;
        CreateReceiver(allowsPrivate: true);
    }

    private void CreateReceiver(bool allowsPrivate)
    {
        var webhook = Create(new Uri(inbox.Url), allowsPrivate);
        sender?.Dispose();
        sender = new WebhookSender(webhook, time);
        receiver = new WebhookReceiver(webhook, sender, meter.CreateCounter<long>("messages"), time, NullLogger.Instance);
    }

    private async Task CloseAsync()
    {
        sender.Dispose();
        await ledger.DisposeAsync();
        await store.DisposeAsync();
    }
}
