using System.Collections.Concurrent;
using System.Diagnostics;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Load;

/// <summary>
/// Clients that draw from all nodes at the same time, whatever fails. Each key is asked for by several of them at once, at one
/// node after the other, until it is answered. Not so many that the machine has no time left to fail over.
/// </summary>
internal sealed class FailoverLoad : IDisposable
{
    private const int UnkeyedAtEachNode = 6;
    private const int KeysAtOnce = 4;
    private const int RetriesOfAKey = 3;

    private static readonly TimeSpan PauseAfterAnswer = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

    /// <summary>How often what was answered instead of numbers, or not answered.</summary>
    public IReadOnlyDictionary<string, int> Failures => client.Failures;

    /// <summary>How many keys were never answered but by a replay: nobody was told of the commit itself.</summary>
    public int FoundOut =>
        answers.Where(answer => answer.Key is not null).GroupBy(answer => answer.Key)
            .Count(key => key.All(answer => answer.IsReplayed));

    /// <summary>1, 2 or 3 numbers, the same at each retry.</summary>
    public static int CountOf(int key) => 1 + key % 3;

    /// <summary>Waits until a node has given so many answers more.</summary>
    public Task AnsweredAsync(int node, int more)
    {
        var goal = Volatile.Read(ref answered[node]) + more;
        return UntilAsync(() => Volatile.Read(ref answered[node]) >= goal, $"node {node} has given {more} more answers");
    }

    /// <summary>Waits until a node gives an answer to somebody who asked later than at some time.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> GoesOnAsync(int node, long since)
    {
        await UntilAsync(() => Volatile.Read(ref lastSent[node]) > since, $"node {node} gives numbers again");
        var first = answers.Where(answer => answer.Node == node && answer.Sent > since).Min(answer => answer.Received);
        return Stopwatch.GetElapsedTime(since, first);
    }

    /// <summary>Waits until so many requests more were answered without numbers.</summary>
    public Task RefusedAsync(int more)
    {
        var goal = Failures.Values.Sum() + more;
        return UntilAsync(() => Failures.Values.Sum() >= goal, $"{more} more requests were refused");
    }

    /// <summary>Those that were both asked for and given between two times.</summary>
    public int AnsweredBetween(int node, long start, long end) =>
        answers.Count(answer => answer.Node == node && answer.Sent > start && answer.Received < end);

    /// <summary>No key is asked for any more once those at hand are answered.</summary>
    public async Task FinishAsync()
    {
        isStopping = true;
        await clients.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Leaves everybody without an answer who has none.</summary>
    public void Dispose()
    {
        isStopping = true;
        client.Dispose();
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(() => clients.IsFaulted ? throw clients.Exception : Task.FromResult(condition()), what);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message} The clients got, instead of numbers: {client.Describe()}.", error);
        }
    }

    private async Task DrawAsync(int node)
    {
        while (!isStopping)
            await TakeAsync(await client.DrawAsync(node));
    }

    private async Task DrawKeyedAsync()
    {
        while (!isStopping)
        {
            var key = Interlocked.Increment(ref keys);
            await Task.WhenAll(Enumerable.Range(key, RetriesOfAKey).Select(node => AskUntilAnsweredAsync(key, node)));
        }
    }

    private async Task AskUntilAnsweredAsync(int key, int node)
    {
        while (!await TakeAsync(await client.DrawAsync(node % answered.Length, $"{name}-{key}", CountOf(key))))
            node++;
    }

    private async Task<bool> TakeAsync(FailoverAnswer? answer)
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
