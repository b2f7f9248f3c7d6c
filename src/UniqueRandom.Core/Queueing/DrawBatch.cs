using System.Diagnostics;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Stores;

namespace UniqueRandom.Queueing;

/// <summary>
/// The draws of a <see cref="DrawQueue"/> that share a transaction, from being taken to their answers. A queue has one, used again and again; not thread-safe.
/// </summary>
internal sealed class DrawBatch(DrawQueue queue, IPoolStore store, DrawActivity? activity, TimeSpan doubtPatience)
{
    /// <summary>How many numbers a batch takes at most before it leaves the rest to the next one: 8 MB of answers.</summary>
    public const int MaximumNumbers = 1_000_000;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    private readonly ISharedPoolStore? shared = store as ISharedPoolStore;
    private readonly HashSet<string> pools = new(StringComparer.Ordinal);
    private List<PendingDraw> draws = [];
    private DrawRequest[] requests = new DrawRequest[64];
    private DrawOutcome[] outcomes = new DrawOutcome[64];

    /// <summary>Takes all who wait, and leaves an empty list in their place; or those who are too many for one batch.</summary>
    public void TakeAll(ref List<PendingDraw> waiting)
    {
        Debug.Assert(draws.Count == 0, "The last batch was answered.");
        (waiting, draws) = (draws, waiting);
        var numbers = 0;
        for (var i = 0; i < draws.Count; i++)
        {
            numbers += draws[i].Request.Count;
            if (numbers <= MaximumNumbers)
                continue;
            waiting.AddRange(draws[i..]);
            draws.RemoveRange(i, draws.Count - i);
            return;
        }
    }

    /// <summary>
    /// Takes those of whom the store need know nothing before its transaction begins: without a key, and from a pool that is locked already.
    /// </summary>
    public void Join(List<PendingDraw> waiting)
    {
        pools.Clear();
        var numbers = 0;
        foreach (var draw in draws)
        {
            pools.Add(draw.Request.Pool);
            numbers += draw.Request.Count;
        }

        var left = 0;
        for (var i = 0; i < waiting.Count; i++)
        {
            var draw = waiting[i];
            if (CanJoin(draw, numbers))
            {
                numbers += draw.Request.Count;
                draws.Add(draw);
            }
            else
            {
                waiting[left++] = draw;
            }
        }

        waiting.RemoveRange(left, waiting.Count - left);
    }

    /// <summary>Commits, and answers everybody.</summary>
    /// <returns>The error after which nobody may draw any more, if there was one.</returns>
    public async ValueTask<Exception?> CommitAsync()
    {
        draws.RemoveAll(static draw =>
        {
            if (!draw.CancellationToken.IsCancellationRequested)
                return false;
            draw.Fail(new OperationCanceledException(draw.CancellationToken));
            return true;
        });
        if (draws.Count == 0)
            return null;

        try
        {
            await CommitOrFindOutAsync();
            return null;
        }
#pragma warning disable CA1031 // Whatever the store throws, no caller is left waiting.
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var draw in draws)
                draw.Fail(error);
            // After any other error those that wait behind the batch fail with it: the store will not be asked again.
            return error is StoreException { Fault: StoreFault.Unavailable or StoreFault.InDoubt } ? null : error;
        }
        finally
        {
            draws.Clear();
        }
    }

    private bool CanJoin(PendingDraw draw, int numbers) => draw.Request.Key is null && pools.Contains(draw.Request.Pool)
        && numbers + draw.Request.Count <= MaximumNumbers && !draw.CancellationToken.IsCancellationRequested;

    private async ValueTask CommitOrFindOutAsync()
    {
        try
        {
            if (shared is not null)
            {
                await shared.LockAsync(Requests());
                // While the store waited for other processes more draws have come, and now they cost hardly anything.
                queue.LetJoin();
            }

            await CommitAndAnswerAsync();
        }
        catch (StoreException doubt) when (doubt.Fault == StoreFault.InDoubt)
        {
            await FindOutAsync(doubt);
        }
    }

    private async ValueTask CommitAndAnswerAsync()
    {
        var batch = Requests();
        try
        {
            await store.CommitAsync(batch, outcomes.AsMemory(0, batch.Length));
            // Before the answers, so that whoever was answered finds the draw counted.
            activity?.Record(outcomes.AsSpan(0, batch.Length));
            for (var i = 0; i < batch.Length; i++)
                draws[i].Complete(outcomes[i]);
        }
        finally
        {
            Array.Clear(requests, 0, batch.Length);
            Array.Clear(outcomes, 0, batch.Length);
        }
    }

    /// <summary>A key is one draw, so whoever has one can ask again; the others are told that nobody knows.</summary>
    private async ValueTask FindOutAsync(StoreException doubt)
    {
        draws.RemoveAll(draw =>
        {
            // Looked at before it fails: from then on it is somebody else's.
            if (draw.Request.Key is not null)
                return false;
            draw.Fail(doubt);
            return true;
        });
        for (var since = Stopwatch.GetTimestamp(); draws.Count > 0; await Task.Delay(RetryEvery))
        {
            try
            {
                await CommitAndAnswerAsync();
                return;
            }
            catch (StoreException error) when (error.Fault is StoreFault.InDoubt or StoreFault.Unavailable)
            {
                if (queue.IsClosing || Stopwatch.GetElapsedTime(since) >= doubtPatience)
                    throw doubt;
            }
        }
    }

    /// <summary>What the draws ask for.</summary>
    private ReadOnlyMemory<DrawRequest> Requests()
    {
        var count = draws.Count;
        if (requests.Length < count)
        {
            requests = new DrawRequest[Math.Max(count, 2 * requests.Length)];
            outcomes = new DrawOutcome[requests.Length];
        }

        for (var i = 0; i < count; i++)
            requests[i] = draws[i].Request;
        return requests.AsMemory(0, count);
    }
}
