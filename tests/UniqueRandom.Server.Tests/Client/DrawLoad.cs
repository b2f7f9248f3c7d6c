using System.Collections.Concurrent;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>Concurrent clients, each of which draws until it is refused or the server stops.</summary>
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

    /// <summary>Connects the clients and starts to draw.</summary>
    /// <param name="server">The address of the server.</param>
    /// <param name="clients">The count of clients.</param>
    /// <param name="pipelined">The count of requests that each client sends before it reads the answers.</param>
    /// <param name="persists">Whether a client retries after a 503.</param>
    /// <param name="mark">The count of numbers after which <see cref="ReachedAsync"/> completes.</param>
    public static async Task<DrawLoad> StartAsync(Uri server, int clients, int pipelined = 1, bool persists = false, int mark = 1)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => DrawClient.ConnectAsync(server)));
        return new DrawLoad(connections, pipelined, persists, mark);
    }

    /// <summary>Waits until the mark is reached or all clients have stopped.</summary>
    public Task ReachedAsync() => Task.WhenAny(reached.Task, clients).WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until all clients have stopped.</summary>
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
        for (var continues = true; continues;)
        {
            await connection.SendAsync(pipelined);
            for (var i = 0; i < pipelined && continues; i++)
                continues = await connection.ReceiveAsync() is { } answer && Record(client, answer);
        }

        return client;
    }

    private bool Record(Client client, DrawAnswer answer)
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

/// <summary>The results of a load.</summary>
/// <param name="Numbers">The numbers that the clients received, in no particular order.</param>
/// <param name="Refusals">The count of refusals by status code.</param>
/// <param name="Texts">One whole refusal for each status code.</param>
internal sealed record DrawResults(List<long> Numbers, Dictionary<int, int> Refusals, IReadOnlyDictionary<int, string> Texts);
