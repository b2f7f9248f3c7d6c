using System.Collections.Concurrent;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>Concurrent clients. Each draws as fast as it is answered, until it is refused or the server is gone.</summary>
internal sealed class DrawLoad
{
    private readonly int pipelined;
    private readonly bool persists;
    private readonly int mark;
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<int, string> refusals = new();
    private readonly Task<Client[]> clients;
    private int drawn;

    private DrawLoad(IEnumerable<DrawClient> connections, int pipelined, bool persists, int mark)
    {
        (this.pipelined, this.persists, this.mark) = (pipelined, persists, mark);
        clients = Task.WhenAll(connections.Select(connection => Task.Run(() => DrawAsync(connection))));
    }

    /// <summary>Connects all clients, and lets them draw.</summary>
    /// <param name="server">Where.</param>
    /// <param name="clients">How many at the same time.</param>
    /// <param name="pipelined">How many requests each of them has under way.</param>
    /// <param name="persists">Whether a client that is answered 503 asks again.</param>
    /// <param name="mark">After how many numbers <see cref="ReachedAsync"/> returns.</param>
    public static async Task<DrawLoad> StartAsync(Uri server, int clients, int pipelined = 1, bool persists = false, int mark = 1)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => DrawClient.ConnectAsync(server)));
        return new DrawLoad(connections, pipelined, persists, mark);
    }

    /// <summary>Waits until the mark is reached, or nobody draws any more.</summary>
    public Task ReachedAsync() => Task.WhenAny(reached.Task, clients).WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until nobody draws any more.</summary>
    public async Task<DrawResults> FinishAsync()
    {
        var all = await clients.WaitAsync(TestContext.Current.CancellationToken);
        return new DrawResults(
            [.. all.SelectMany(client => client.Numbers)],
            all.SelectMany(client => client.Refusals).CountBy(status => status).ToDictionary(),
            refusals);
    }

    private async Task<Client> DrawAsync(DrawClient connection)
    {
        var client = new Client([], []);
        using var closing = connection;
        for (var goesOn = true; goesOn;)
        {
            await connection.SendAsync(pipelined);
            for (var i = 0; i < pipelined && goesOn; i++)
                goesOn = await connection.ReceiveAsync() is { } answer && Take(client, answer);
        }

        return client;
    }

    private bool Take(Client client, DrawAnswer answer)
    {
        if (answer.Status != 200)
        {
            client.Refusals.Add(answer.Status);
            refusals[answer.Status] = answer.Refusal!;
            return persists && answer.Status == 503;
        }

        client.Numbers.Add(answer.Number);
        if (Interlocked.Increment(ref drawn) == mark)
            reached.SetResult();
        return true;
    }

    private sealed record Client(List<long> Numbers, List<int> Refusals);
}

/// <summary>What came of a load.</summary>
/// <param name="Numbers">What the clients were given, in no particular order.</param>
/// <param name="Refusals">How often they were refused, by status.</param>
/// <param name="Texts">One refusal of each status, headers and all.</param>
internal sealed record DrawResults(List<long> Numbers, Dictionary<int, int> Refusals, IReadOnlyDictionary<int, string> Texts);
