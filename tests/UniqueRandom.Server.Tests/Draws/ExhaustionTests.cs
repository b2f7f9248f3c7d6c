using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Draws;

/// <summary>Concurrent clients receive every number of the range exactly once.</summary>
public sealed class ExhaustionTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 64;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_small_pool_is_handed_out_exactly_once_by_64_clients()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--minimum", "-500", "--maximum", "499");

        var results = await (await DrawLoad.StartAsync(server.Address, Clients)).FinishAsync();

        Assert.Equal(Enumerable.Range(-500, 1000).Select(number => (long)number), results.Numbers.Order());
        Assert.Equal(new Dictionary<int, int> { [409] = Clients }, results.Refusals);
    }

    [Fact]
    public Task A_range_is_handed_out_exactly_once_by_64_clients() => ExhaustAsync(200_000);

    [Fact(Explicit = true)]
    public Task A_million_is_handed_out_exactly_once_by_64_clients() => ExhaustAsync(1_000_000);

    [Fact]
    public async Task A_full_queue_refuses_and_neither_loses_nor_repeats_a_number()
    {
        const int size = 200;
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", $"{size}", "--queue-capacity", "1");

        var results = await (await DrawLoad.StartAsync(server.Address, Clients, persists: true)).FinishAsync();

        Assert.Equal(Enumerable.Range(1, size).Select(number => (long)number), results.Numbers.Order());
        Assert.Equal(Clients, results.Refusals[409]);
        Assert.Contains(503, results.Refusals.Keys);
        output.WriteLine($"{results.Refusals[503]} draws refused by the full queue");
        string[] parts =
        [
            "\r\nContent-Type: application/problem+json", "\r\nRetry-After: 1\r\n", "\r\nCache-Control: no-store\r\n",
            "queue-full\"",
        ];
        foreach (var part in parts)
            Assert.Contains(part, results.Texts[503]);
    }

    private async Task ExhaustAsync(int size)
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", $"{size}");

        var results = await (await DrawLoad.StartAsync(server.Address, Clients, pipelined: 16)).FinishAsync();

        Assert.Equal(size, results.Numbers.Count);
        Assert.Equal(size, results.Numbers.Distinct().Count());
        Assert.Equal((1, size), (results.Numbers.Min(), results.Numbers.Max()));
        Assert.Equal(new Dictionary<int, int> { [409] = Clients }, results.Refusals);
    }
}
