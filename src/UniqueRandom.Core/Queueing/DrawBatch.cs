using System.Diagnostics;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Stores;
using UniqueRandom.Tracing;

namespace UniqueRandom.Queueing;

/// <summary>
/// The draws of a <see cref="DrawQueue"/> that share a transaction, until they are answered. A queue reuses one instance; not
/// thread-safe.
/// </summary>
internal sealed class DrawBatch(IPoolStore store, DrawActivity? activity, TimeSpan doubtTimeout, CancellationToken closing)
{
    /// <summary>How many numbers the draws of a batch may take together: 8 MB of answers.</summary>
    public const int MaximumNumbers = 1_000_000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly ISharedPoolStore? shared = store as ISharedPoolStore;
    private readonly HashSet<string> pools = new(StringComparer.Ordinal);
    private ILockedBatch? locked;
    private Activity? trace;
    private List<PendingDraw> draws = [];
    private DrawRequest[] requests = new DrawRequest[64];
    private DrawOutcome[] outcomes = new DrawOutcome[64];

    /// <summary>Gets how many draws it has that are not answered.</summary>
    public int Count => draws.Count;

    /// <summary>Takes the waiting draws, up to <see cref="MaximumNumbers"/>, and leaves the others in the list.</summary>
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
    /// Adds waiting draws without a key whose pool is locked: those that arrived while the store waited for other processes share
    /// the transaction at almost no cost.
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

    /// <summary>Drops canceled draws, and locks the pools of the others if several processes share them.</summary>
    /// <returns>The error that ends the queue; null if the queue goes on.</returns>
    public async ValueTask<Exception?> LockAsync()
    {
        draws.RemoveAll(static draw =>
        {
            if (!draw.CancellationToken.IsCancellationRequested)
                return false;
            draw.Fail(new OperationCanceledException(draw.CancellationToken));
            return true;
        });
        locked = null;
        if (shared is null || draws.Count == 0)
            return null;
        StartTrace();
        try
        {
            locked = await shared.LockAsync(CollectRequests());
            return null;
        }
#pragma warning disable CA1031 // Whatever the store throws, no caller is left waiting.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Fail(error);
        }
    }

    /// <summary>Commits the batch. Draws that fail are answered, and the others have their outcome.</summary>
    /// <returns>The error that ends the queue; null if the queue goes on.</returns>
    public async ValueTask<Exception?> CommitAsync()
    {
        if (draws.Count == 0)
            return null;
        if (trace is null)
            StartTrace();
        if (trace is not null)
            ContinueTrace(trace);
        try
        {
            await CommitOrResolveAsync();
            EndTrace();
            return null;
        }
#pragma warning disable CA1031 // Whatever the store throws, no caller is left waiting.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Fail(error);
        }
    }

    /// <summary>Answers the draws that were committed.</summary>
    /// <param name="onCallingThread">
    /// True to complete them on the calling thread; false to complete them on their event loops.
    /// </param>
    public void Answer(bool onCallingThread)
    {
        var count = draws.Count;
        for (var i = 0; i < count; i++)
            draws[i].Complete(outcomes[i], onCallingThread);
        draws.Clear();
        Array.Clear(outcomes, 0, count);
    }

    private bool CanJoin(PendingDraw draw, int numbers) => draw.Request.Key is null && pools.Contains(draw.Request.Pool)
        && numbers + draw.Request.Count <= MaximumNumbers && !draw.CancellationToken.IsCancellationRequested;

    private async ValueTask CommitOrResolveAsync()
    {
        try
        {
            await CommitOnceAsync(locked);
        }
        catch (StoreException doubt) when (doubt.Fault == StoreFault.InDoubt)
        {
            activity?.RecordDoubt(CollectRequests().Span);
            await ResolveAsync(doubt);
        }
    }

    private async ValueTask CommitOnceAsync(ILockedBatch? lockedBatch)
    {
        var batch = CollectRequests();
        try
        {
            var results = outcomes.AsMemory(0, batch.Length);
            var start = Stopwatch.GetTimestamp();
            await (lockedBatch?.CommitAsync(batch, results) ?? store.CommitAsync(batch, results));
            // Before the answers, so that the status includes a draw as soon as its client has the answer.
            activity?.Record(outcomes.AsSpan(0, batch.Length), Stopwatch.GetElapsedTime(start));
        }
        catch
        {
            Array.Clear(outcomes, 0, batch.Length);
            throw;
        }
        finally
        {
            Array.Clear(requests, 0, batch.Length);
        }
    }

    /// <summary>Retries the draws that have a key, because a key identifies one draw. The others fail.</summary>
    private async ValueTask ResolveAsync(StoreException doubt)
    {
        trace?.AddEvent(new ActivityEvent("in doubt"));
        draws.RemoveAll(draw =>
        {
            // Read before the draw fails: its caller may reuse it from then on.
            if (draw.Request.Key is not null)
                return false;
            Fail(draw, doubt);
            return true;
        });
        for (var start = Stopwatch.GetTimestamp(); draws.Count > 0; await Task.Delay(RetryInterval))
        {
            try
            {
                await CommitOnceAsync(lockedBatch: null);
                return;
            }
            catch (StoreException error) when (error.Fault is StoreFault.InDoubt or StoreFault.Unavailable)
            {
                if (closing.IsCancellationRequested || Stopwatch.GetElapsedTime(start) >= doubtTimeout)
                    throw doubt;
            }
        }
    }

    private void StartTrace()
    {
        if (draws.Find(static draw => draw.Trace is { IsAllDataRequested: true }) is { Trace: { } first })
            trace = DrawTracing.StartBatch(first);
    }

    /// <summary>Makes the trace current for the calling method, and links it with all draws, also those that joined.</summary>
    private void ContinueTrace(Activity batch)
    {
        Activity.Current = batch.SetTag("uniquerandom.batch.size", draws.Count);
        foreach (var draw in draws)
        {
            if (draw.Trace is { } drawTrace)
                DrawTracing.Link(batch, drawTrace);
        }
    }

    private void EndTrace(Exception? error = null)
    {
        if (trace is not null)
            DrawTracing.End(trace, error);
        trace = null;
    }

    private Exception? Fail(Exception error)
    {
        EndTrace(error);
        foreach (var draw in draws)
            Fail(draw, error);
        draws.Clear();
        return error is StoreException { Fault: StoreFault.Unavailable or StoreFault.InDoubt } ? null : error;
    }

    private void Fail(PendingDraw draw, Exception error)
    {
        activity?.RecordFailure(draw.Request.Pool, error);
        draw.Fail(error);
    }

    private ReadOnlyMemory<DrawRequest> CollectRequests()
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
