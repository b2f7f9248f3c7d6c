using System.Collections.Concurrent;
using System.Diagnostics;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Load;

/// <summary>
/// Clients that draw from all nodes at the same time through all failures. Several clients send each key at once, to one
/// node after another, until it is answered. Few enough to leave the machine time to fail over.
/// </summary>
internal sealed class FailoverLoad : IDisposable
{
    private const int UnkeyedAtEachNode = 6;
    private const int KeysAtOnce = 4;
    private const int ClientsPerKey = 3;

    private static readonly TimeSpan PauseAfterAnswer = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FinishTimeout = TimeSpan.FromSeconds(60);

    private readonly FailoverClient client;
    private readonly string name = Guid.NewGuid().ToString("n")[..8];
    private readonly ConcurrentQueue<FailoverAnswer> answers = [];
    private readonly int[] answered;
    private readonly long[] lastSent;
    private readonly Task clients;
    private volatile bool isStopping;
    private int keys;

    public FailoverLoad(IReadOnlyList<Uri> nodes)
    {
        client = new FailoverClient(nodes);
        (answered, lastSent) = (new int[nodes.Count], new long[nodes.Count]);
        var unkeyed = Enumerable.Range(0, UnkeyedAtEachNode * nodes.Count)
            .Select(at => Task.Run(() => DrawAsync(at % nodes.Count)));
        var keyed = Enumerable.Range(0, KeysAtOnce).Select(_ => Task.Run(DrawKeyedAsync));
        clients = Task.WhenAll([.. unkeyed, .. keyed]);
    }

    public IReadOnlyCollection<FailoverAnswer> Answers => answers;

    /// <summary>The count of each kind of failure.</summary>
    public IReadOnlyDictionary<string, int> Failures => client.Failures;

    /// <summary>The count of keys that only replays answered, because the answer to the commit was lost.</summary>
    public int Resolved =>
        answers.Where(answer => answer.Key is not null).GroupBy(answer => answer.Key)
            .Count(key => key.All(answer => answer.IsReplayed));

    /// <summary>The count of numbers for a key: 1, 2 or 3.</summary>
    public static int CountOf(int key) => 1 + key % 3;

    /// <summary>Waits for a count of further answers of a node.</summary>
    public Task WaitForAnswersAsync(int node, int more)
    {
        var goal = Volatile.Read(ref answered[node]) + more;
        return WaitUntilAsync(() => Volatile.Read(ref answered[node]) >= goal, $"node {node} has sent {more} more answers");
    }

    /// <summary>Waits until a node answers a draw that was sent after a timestamp.</summary>
    /// <returns>The time from the timestamp to the answer.</returns>
    public async Task<TimeSpan> ResumesAsync(int node, long since)
    {
        await WaitUntilAsync(() => Volatile.Read(ref lastSent[node]) > since, $"node {node} answers draws again");
        var first = answers.Where(answer => answer.Node == node && answer.Sent > since).Min(answer => answer.Received);
        return Stopwatch.GetElapsedTime(since, first);
    }

    /// <summary>Waits for a count of further failures.</summary>
    public Task WaitForRefusalsAsync(int more)
    {
        var goal = Failures.Values.Sum() + more;
        return WaitUntilAsync(() => Failures.Values.Sum() >= goal, $"{more} more requests failed");
    }

    /// <summary>The count of answers that were both requested and received between two timestamps.</summary>
    public int AnsweredBetween(int node, long start, long end) =>
        answers.Count(answer => answer.Node == node && answer.Sent > start && answer.Received < end);

    /// <summary>Stops the clients after their current keys are answered.</summary>
    public async Task FinishAsync()
    {
        isStopping = true;
        await clients.WaitAsync(FinishTimeout, TestContext.Current.CancellationToken);
    }

    /// <summary>Aborts the clients that wait for an answer.</summary>
    public void Dispose()
    {
        isStopping = true;
        client.Dispose();
    }

    private async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(() => clients.IsFaulted ? throw clients.Exception : Task.FromResult(condition()), what);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message} The failures of the clients: {client.Describe()}.", error);
        }
    }

    private async Task DrawAsync(int node)
    {
        while (!isStopping)
            await RecordAsync(await client.DrawAsync(node));
    }

    private async Task DrawKeyedAsync()
    {
        while (!isStopping)
        {
            var key = Interlocked.Increment(ref keys);
            await Task.WhenAll(Enumerable.Range(key, ClientsPerKey).Select(node => DrawUntilAnsweredAsync(key, node)));
        }
    }

    private async Task DrawUntilAnsweredAsync(int key, int node)
    {
        while (!await RecordAsync(await client.DrawAsync(node % answered.Length, $"{name}-{key}", CountOf(key))))
            node++;
    }

    private async Task<bool> RecordAsync(FailoverAnswer? answer)
    {
        if (answer is not null)
        {
            answers.Enqueue(answer);
            Volatile.Write(ref lastSent[answer.Node], Math.Max(answer.Sent, Volatile.Read(ref lastSent[answer.Node])));
            Interlocked.Increment(ref answered[answer.Node]);
        }

        await Task.Delay(answer is null ? PauseAfterFailure : PauseAfterAnswer);
        return answer is not null;
    }
}
