using System.Collections.Concurrent;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client.Tests.Crash;

/// <summary>Callers that draw at the same time, each one draw after the other.</summary>
internal sealed class DrawLoad
{
    private readonly UniqueRandomClient client;
    private readonly int count;
    private readonly ConcurrentBag<Draw> answers = [];
    private readonly Lock gate = new();
    private TaskCompletionSource reached = new();
    private int mark = int.MaxValue;
    private int next = -1;

    public DrawLoad(UniqueRandomClient client, int count, int callers)
    {
        this.client = client;
        this.count = count;
        Finished = RunAsync(callers);
    }

    /// <summary>The draws.</summary>
    public Task<IReadOnlyCollection<Draw>> Finished { get; }

    /// <summary>The count of numbers of a draw: 1, 2 or 3.</summary>
    public static int CountOf(int draw) => 1 + draw % 3;

    /// <summary>Waits until a count of draws is answered.</summary>
    public async Task ReachedAsync(int draws)
    {
        Task waiting;
        lock (gate)
        {
            if (answers.Count >= draws)
                return;
            reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (mark, waiting) = (draws, reached.Task);
        }

        await await Task.WhenAny(waiting, Finished).WaitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<IReadOnlyCollection<Draw>> RunAsync(int callers)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(DrawAsync)));
        return answers;
    }

    private async Task DrawAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        for (int draw; (draw = Interlocked.Increment(ref next)) < count;)
        {
            var answer = await client.DrawAsync(
                "default", CountOf(draw), reference: $"draw-{draw}", cancellationToken: cancellationToken);
            lock (gate)
            {
                answers.Add(answer);
                if (answers.Count >= mark)
                    reached.TrySetResult();
            }
        }
    }
}
