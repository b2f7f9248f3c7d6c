using System.Collections.Concurrent;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>Concurrent clients of the Redis protocol, each of which draws until it gets nil or the connection ends.</summary>
internal sealed class RespLoad
{
    private readonly int mark;
    private readonly byte[] pipeline;
    private readonly int commands;
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, int> errors = new();
    private readonly Task<List<long>[]> clients;
    private int drawn;

    private RespLoad(IEnumerable<RespClient> connections, int pipelined, int mark)
    {
        (this.mark, commands) = (mark, 2 * pipelined);
        pipeline =
        [
            .. Enumerable.Repeat(RespClient.Encode("SPOP", "default"), pipelined)
                .Append(RespClient.Repeat(pipelined, "SPOP", "default", "2")).SelectMany(bytes => bytes),
        ];
        clients = Task.WhenAll(connections.Select(connection => Task.Run(() => DrawAsync(connection))));
    }

    /// <summary>The errors that were answered, with their counts.</summary>
    public IReadOnlyDictionary<string, int> Errors => errors;

    /// <summary>Connects the clients and starts to draw.</summary>
    /// <param name="port">The port of the server.</param>
    /// <param name="clients">The count of clients.</param>
    /// <param name="pipelined">The count of SPOP, and of SPOP with the count 2, that each sends before it reads.</param>
    /// <param name="mark">The count of numbers after which <see cref="ReachedAsync"/> completes.</param>
    public static async Task<RespLoad> StartAsync(int port, int clients, int pipelined, int mark = 1)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RespClient.ConnectAsync(port)));
        return new RespLoad(connections, pipelined, mark);
    }

    /// <summary>Waits until the mark is reached or all clients have stopped.</summary>
    public Task ReachedAsync() => Task.WhenAny(reached.Task, clients).WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until all clients have stopped, and returns the numbers that they received.</summary>
    public async Task<List<long>> FinishAsync() =>
        [.. (await clients.WaitAsync(TestContext.Current.CancellationToken)).SelectMany(numbers => numbers)];

    private async Task<List<long>> DrawAsync(RespClient connection)
    {
        using var client = connection;
        var numbers = new List<long>();
        while (true)
        {
            await client.SendAsync(pipeline);
            var isExhausted = false;
            for (var i = 0; i < commands; i++)
            {
                if (await client.ReceiveAsync() is not { } answer)
                    return numbers;
                isExhausted |= answer.IsNil;
                Record(answer, numbers);
            }

            if (isExhausted)
                return numbers;
        }
    }

    private void Record(RespValue answer, List<long> numbers)
    {
        long[] received = answer switch
        {
            { IsNil: true } => [],
            { Type: '-' } => [],
            { Type: '$' } => [answer.Number],
            _ => answer.Numbers,
        };
        if (answer.Type == '-')
            errors.AddOrUpdate(answer.Text!.Split(':')[0], 1, (_, count) => count + 1);
        numbers.AddRange(received);
        var before = Interlocked.Add(ref drawn, received.Length) - received.Length;
        if (before < mark && before + received.Length >= mark)
            reached.TrySetResult();
    }
}
