using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>How many clients draw in which way.</summary>
/// <param name="Single">Clients that draw one number, without a key.</param>
/// <param name="Keyed">Clients that draw with keys, each of which is sent twice at the same time.</param>
/// <param name="Batches">Clients that draw 50 numbers.</param>
/// <param name="Redis">Clients of the Redis protocol.</param>
internal sealed record LoadShape(int Single, int Keyed, int Batches, int Redis)
{
    public static readonly LoadShape Mixed = new(Single: 8, Keyed: 4, Batches: 1, Redis: 2);

    /// <summary>After a restore, a key may draw again.</summary>
    public static readonly LoadShape WithoutKeys = Mixed with { Keyed = 0 };
}

/// <summary>Concurrent clients that draw until they are told to end or the server ends, and note what they receive.</summary>
internal sealed class MixedLoad
{
    private const int BatchSize = 50;

    /// <summary>How long a client waits after a refusal.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly FaultLedger ledger;
    private readonly HttpClient client;
    private readonly Task clients;
    private volatile bool isEnding;

    private MixedLoad(
        FaultLedger ledger, HttpClient client, LoadShape shape, IEnumerable<DrawClient> single, IEnumerable<RespClient> redis)
    {
        (this.ledger, this.client) = (ledger, client);
        clients = Task.WhenAll(
        [
            .. single.Select(connection => Task.Run(() => DrawAsync(connection))),
            .. redis.Select(connection => Task.Run(() => PopAsync(connection))),
            .. Enumerable.Range(0, shape.Keyed).Select(_ => Task.Run(DrawWithKeysAsync)),
            .. Enumerable.Range(0, shape.Batches).Select(_ => Task.Run(DrawBatchesAsync)),
        ]);
    }

    /// <summary>Connects the clients, and starts to draw.</summary>
    public static async Task<MixedLoad> StartAsync(Uri address, int redisPort, FaultLedger ledger, LoadShape shape)
    {
        var single = await Task.WhenAll(Enumerable.Range(0, shape.Single).Select(_ => DrawClient.ConnectAsync(address)));
        var redis = await Task.WhenAll(Enumerable.Range(0, shape.Redis).Select(_ => RespClient.ConnectAsync(redisPort)));
        return new MixedLoad(ledger, new HttpClient { BaseAddress = address }, shape, single, redis);
    }

    /// <summary>Waits until the clients have received more numbers.</summary>
    public async Task ReceiveAsync(int more)
    {
        await TryReceiveAsync(more);
        Assert.False(clients.IsCompleted, "All clients have ended before the fault.");
    }

    /// <summary>Waits until the clients have received more numbers, or all of them have ended.</summary>
    public async Task TryReceiveAsync(int more)
    {
        var reached = ledger.Acknowledged + more;
        while (ledger.Acknowledged < reached && !clients.IsCompleted)
            await Task.WhenAny(clients, Task.Delay(1, TestContext.Current.CancellationToken));
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the clients, each after its answer or with the server.</summary>
    public async Task EndAsync()
    {
        isEnding = true;
        await clients.WaitAsync(TestContext.Current.CancellationToken);
        client.Dispose();
    }

    private async Task DrawAsync(DrawClient connection)
    {
        using var closing = connection;
        while (!isEnding && await connection.DrawAsync() is { } answer)
        {
            if (answer.Status == 200)
                ledger.Acknowledge(answer.Number);
            else
                await RefuseAsync(answer.Refusal!);
        }
    }

    private async Task PopAsync(RespClient connection)
    {
        using var closing = connection;
        var command = RespClient.Encode("SPOP", "default", "3");
        while (!isEnding)
        {
            await connection.SendAsync(command);
            if (await connection.ReceiveAsync() is not { } answer)
                return;
            if (answer.Type == '-')
                await RefuseAsync(answer.Text!);
            else
                ledger.Acknowledge(answer.Numbers);
        }
    }

    private async Task DrawWithKeysAsync()
    {
        for (var isServing = true; isServing && !isEnding;)
        {
            var (key, count) = ledger.NewKey();
            var both = await Task.WhenAll(SendAsync(count, key), SendAsync(count, key));
            isServing = both.All(answered => answered);
        }
    }

    private async Task DrawBatchesAsync()
    {
        while (!isEnding && await SendAsync(BatchSize, key: null))
        {
        }
    }

    /// <summary>Draws numbers.</summary>
    /// <returns>Whether there was an answer.</returns>
    private async Task<bool> SendAsync(int count, string? key)
    {
        ApiAnswer answer;
        try
        {
            answer = await client.DrawAsync("default", count, key: key);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return false;
        }

        if (answer.Status != 201)
            await RefuseAsync(answer.Text);
        else if (key is null)
            ledger.Acknowledge(answer.Json.GetProperty("first").GetInt64(), answer.Json.Numbers());
        else
            ledger.Acknowledge(key, answer.Json.GetProperty("first").GetInt64(), answer.Json.Numbers());
        return true;
    }

    private Task RefuseAsync(string answer)
    {
        ledger.Refuse(answer);
        return Task.Delay(Pause, TestContext.Current.CancellationToken);
    }
}
