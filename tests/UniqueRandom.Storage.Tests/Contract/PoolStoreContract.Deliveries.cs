using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Deliveries to webhooks.</summary>
public abstract partial class PoolStoreContract
{
    [Fact]
    public async Task A_delivery_lasts_until_another_one_replaces_it()
    {
        await CreateAsync(Hundred);
        await CreateAsync(new PoolDefinition("ten", new PoolRange(1, 10)));
        var failing = new Delivery(
            80, 10, new DeliveryAttempts(95, Time.GetUtcNow(), Time.GetUtcNow() + TimeSpan.FromMilliseconds(1234)));
        await using (var ledger = await LeaseAsync())
        {
            await ledger.WriteAsync("ops", "hundred", new Delivery(80, 100));
            await ledger.WriteAsync("ops", "ten", failing);
            await ledger.WriteAsync("shop", "hundred", new Delivery(101, 100));
            await ledger.WriteAsync("ops", "none", new Delivery(80, 100));
        }

        await ReopenAsync();

        await using (var ledger = await LeaseAsync())
        {
            Assert.Equal(
                new() { ["hundred"] = new Delivery(80, 100), ["ten"] = failing }, await ledger.ReadAsync("ops"));
            Assert.Equal(new() { ["hundred"] = new Delivery(101, 100) }, await ledger.ReadAsync("shop"));
            Assert.Empty(await ledger.ReadAsync("other"));
            await ledger.WriteAsync("ops", "ten", new Delivery(100, 100));
            Assert.Equal(new Delivery(100, 100), (await ledger.ReadAsync("ops"))["ten"]);
        }
    }

    private async Task<IDeliveryLedger> LeaseAsync() =>
        await ((IDeliveryStore)Store).TryLeaseAsync(CancellationToken) ?? throw new InvalidOperationException("It is leased.");
}
