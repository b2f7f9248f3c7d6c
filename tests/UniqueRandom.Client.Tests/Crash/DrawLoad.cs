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
        Finished = Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(DrawAsync)));
    }

    /// <summary>Completes when all draws are answered.</summary>
    public Task Finished { get; }

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

    /// <summary>
    /// Verifies that each draw was returned once, and that the log has exactly these draws: nothing was drawn twice, or without
    /// being returned.
    /// </summary>
    /// <returns>What to print.</returns>
    public async Task<string> VerifyAsync(UniqueRandomClient direct)
    {
        var log = await direct.ReadDrawLogAsync("default").ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            answers.OrderBy(draw => draw.First).Select(draw => (draw.First, draw.Reference, string.Join(',', draw.Numbers))),
            log.Select(draw => (draw.First, draw.Reference, string.Join(',', draw.Numbers))));
        Assert.All(log, draw => Assert.True(draw.IsKeyed));
        Assert.Equal(
            Enumerable.Range(0, count).Select(draw => (ReferenceOf(draw), CountOf(draw))).Order(),
            answers.Select(draw => (draw.Reference!, draw.Numbers.Count)).Order());
        var numbers = answers.SelectMany(draw => draw.Numbers).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        return $"{count} draws have {numbers.Count} numbers, {answers.Count(draw => draw.IsReplayed)} of the draws by a "
            + "retry; none burned";
    }

    /// <summary>The count of numbers of a draw: 1, 2 or 3.</summary>
    private static int CountOf(int draw) => 1 + draw % 3;

    private static string ReferenceOf(int draw) => $"draw-{draw}";

    private async Task DrawAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        for (int draw; (draw = Interlocked.Increment(ref next)) < count;)
        {
            var answer = await client.DrawAsync(
                "default", CountOf(draw), reference: ReferenceOf(draw), cancellationToken: cancellationToken);
            lock (gate)
            {
                answers.Add(answer);
                if (answers.Count >= mark)
                    reached.TrySetResult();
            }
        }
    }
}
