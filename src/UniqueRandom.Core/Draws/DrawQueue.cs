using System.Diagnostics;
using UniqueRandom.Pools;

namespace UniqueRandom.Draws;

/// <summary>
/// The only way to a number. Gathers the draws that arrive while the store is busy into a batch, lets the store commit it as one
/// transaction, and only then answers: group commit (DeWitt et al., "Implementation Techniques for Main Memory Database Systems", 1984).
/// </summary>
/// <remarks>
/// <para>There is no thread of its own and no artificial delay. The queue is a work item of the thread pool: the first draw to find it
/// at rest puts it behind the work that is already runnable, and when its turn comes it takes whatever waits by then. So one caller is
/// served at once, often on the thread that asked, and under load the requests that were ready anyway share a transaction. DESIGN.md
/// has the figures against a thread of its own and against committing on the caller's thread.</para>
/// <para>Bounded: when <see cref="DrawQueueOptions.Capacity"/> draws wait, the next is answered <see cref="DrawOutcomeKind.QueueFull"/>.</para>
/// <para>If the store throws, every draw of that batch fails with what it threw; but when the batch is <see cref="StoreFault.InDoubt"/>, those with a key
/// are committed again until they find out what became of them, or <see cref="DrawQueueOptions.DoubtPatience"/> ends. A <see cref="StoreFault.Fatal"/> error, or one the
/// store did not classify, also ends the queue: see <see cref="Failure"/>.</para>
/// <para>Thread-safety: every member may be called from any thread at any time.</para>
/// </remarks>
public sealed class DrawQueue : IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>How many numbers a batch takes at most before it leaves the rest to the next one: 8 MB of answers.</summary>
    internal const int MaximumNumbersAtOnce = 1_000_000;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    private readonly IPoolStore store;
    private readonly ISharedPoolStore? shared;
    private readonly DrawActivity? activity;
    private readonly int capacity;
    private readonly TimeSpan doubtPatience;
    private readonly TaskCompletionSource<Exception> failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by the gate, held only for a few instructions.
    private readonly Lock gate = new();
    private readonly Stack<PendingDraw> unused = new();
    private List<PendingDraw> waiting = [];
    private bool turnDue;
    private bool closed;
    private Exception? failed;

    // The turn's own: there is never more than one, from being due to the last answer.
    private List<PendingDraw> taken = [];
    private DrawRequest[] requests = new DrawRequest[64];
    private DrawOutcome[] outcomes = new DrawOutcome[64];
    private readonly HashSet<string> pools = new(StringComparer.Ordinal);

    /// <summary>Creates a queue in front of a store.</summary>
    /// <param name="store">An opened store. The queue does not dispose it.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="activity">Told of every batch that is committed. The queue does not dispose it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not within 1 to 1,000,000, or the patience is negative.</exception>
    public DrawQueue(IPoolStore store, DrawQueueOptions options, DrawActivity? activity = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Capacity, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DoubtPatience, TimeSpan.Zero, nameof(options));
        this.store = store;
        shared = store as ISharedPoolStore;
        this.activity = activity;
        capacity = options.Capacity;
        doubtPatience = options.DoubtPatience;
    }

    /// <summary>Completes with the error after which the queue answers nobody any more. The process has to stop then.</summary>
    public Task<Exception> Failure => failure.Task;

    /// <summary>Draws. Completes when the draw is durable, or it is certain that it took nothing.</summary>
    /// <param name="request">What to draw.</param>
    /// <param name="cancellation">
    /// Drops the draw, at no cost, if its batch is not taken yet when it is due; it has no effect later.
    /// </param>
    /// <returns>What became of it. To be awaited exactly once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not within 1 to <see cref="DrawRequest.MaximumCount"/>.</exception>
    /// <exception cref="ArgumentException">The key or the reference breaks its rule.</exception>
    /// <exception cref="OperationCanceledException">The draw was dropped.</exception>
    /// <exception cref="StoreException">The store failed; the fault says whether the draw may have been recorded.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public ValueTask<DrawOutcome> DrawAsync(in DrawRequest request, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Count, DrawRequest.MaximumCount);
        if (request.Key is not null && !IdempotencyKey.IsValid(request.Key) || request.Reference is not null && !Reference.IsValid(request.Reference))
            throw new ArgumentException("The key or the reference of the draw is too long, or has characters that are not allowed.", nameof(request));

        ValueTask<DrawOutcome> outcome;
        bool begins;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (failed is not null)
                return ValueTask.FromException<DrawOutcome>(failed);
            if (waiting.Count >= capacity)
                return ValueTask.FromResult(DrawOutcome.QueueFull);

            if (!unused.TryPop(out var draw))
                draw = new PendingDraw(this);
            outcome = draw.Begin(request, cancellation);
            waiting.Add(draw);
            begins = !turnDue;
            turnDue = true;
        }

        if (begins)
            ScheduleTurn();
        return outcome;
    }

    /// <summary>Ends the queue as if a batch had failed with this error: the store has failed elsewhere, and nobody knows what is on disk.</summary>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        List<PendingDraw> left;
        lock (gate)
        {
            failed ??= error;
            left = [.. waiting];
            waiting.Clear();
        }

        foreach (var draw in left)
            draw.Fail(error);
        failure.TrySetResult(error);
    }

    /// <summary>Refuses new draws, answers those that wait, and returns when the last one is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closed = true;
            if (!turnDue)
                rest.TrySetResult();
        }

        await rest.Task;
    }

    /// <summary>Takes back a draw whose outcome was read.</summary>
    internal void Return(PendingDraw draw)
    {
        lock (gate)
        {
            if (unused.Count < capacity)
                unused.Push(draw);
        }
    }

    // Void, so that an error in the queue itself ends the process instead of leaving callers to wait for ever.
    async void IThreadPoolWorkItem.Execute()
    {
        if (shared is not null && MoreHaveCome())
            ScheduleTurn();
        else
            await TakeTurnAsync();
    }

    private int seen;

    private bool MoreHaveCome()
    {
        lock (gate)
        {
            var more = waiting.Count > seen;
            seen = more ? waiting.Count : 0;
            return more;
        }
    }

    // Not to the front of this thread's own queue: work that is ready joins the batch by running first.
    private void ScheduleTurn() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private async ValueTask TakeTurnAsync()
    {
        TakeWaiting();
        if (taken.Count > 0)
            await CommitTakenAsync();

        lock (gate)
        {
            Debug.Assert(turnDue, "A turn runs only when it is due.");
            if (waiting.Count == 0)
            {
                turnDue = false;
                if (closed)
                    rest.TrySetResult();
                return;
            }
        }

        ScheduleTurn();
    }

    private void TakeWaiting()
    {
        Debug.Assert(taken.Count == 0, "The last batch was answered.");
        lock (gate)
        {
            (waiting, taken) = (taken, waiting);
            LeaveWhatIsTooMuch();
        }

        var kept = 0;
        for (var i = 0; i < taken.Count; i++)
        {
            var draw = taken[i];
            if (draw.Cancellation.IsCancellationRequested)
                draw.Fail(new OperationCanceledException(draw.Cancellation));
            else
                taken[kept++] = draw;
        }

        taken.RemoveRange(kept, taken.Count - kept);
    }

    /// <summary>Memory is bounded by what is drawn at once, not by how many draws may wait.</summary>
    private void LeaveWhatIsTooMuch()
    {
        Debug.Assert(waiting.Count == 0 && gate.IsHeldByCurrentThread, "Those who are left come before those who arrive.");
        var numbers = 0;
        for (var i = 0; i < taken.Count; i++)
        {
            numbers += taken[i].Request.Count;
            if (numbers <= MaximumNumbersAtOnce)
                continue;
            waiting.AddRange(taken[i..]);
            taken.RemoveRange(i, taken.Count - i);
            return;
        }
    }

    private async ValueTask CommitTakenAsync()
    {
        try
        {
            try
            {
                if (shared is not null)
                {
                    await shared.LockAsync(Requests());
                    JoinThoseWhoHaveCome();
                }

                await CommitAndAnswerAsync();
            }
            catch (StoreException doubt) when (doubt.Fault == StoreFault.InDoubt)
            {
                await FindOutAsync(doubt);
            }
        }
#pragma warning disable CA1031 // Whatever the store throws, no caller is left waiting.
        catch (Exception error)
#pragma warning restore CA1031
        {
            FailTaken(error);
        }

        taken.Clear();
    }

    /// <summary>While the store waited for other processes more draws have come, and for the pools that are locked now they cost nothing more.</summary>
    private void JoinThoseWhoHaveCome()
    {
        pools.Clear();
        var numbers = 0;
        foreach (var draw in taken)
        {
            pools.Add(draw.Request.Pool);
            numbers += draw.Request.Count;
        }

        lock (gate)
        {
            var left = 0;
            for (var i = 0; i < waiting.Count; i++)
            {
                var draw = waiting[i];
                if (draw.Request.Key is null && pools.Contains(draw.Request.Pool) && numbers + draw.Request.Count <= MaximumNumbersAtOnce && !draw.Cancellation.IsCancellationRequested)
                {
                    numbers += draw.Request.Count;
                    taken.Add(draw);
                }
                else
                {
                    waiting[left++] = draw;
                }
            }

            waiting.RemoveRange(left, waiting.Count - left);
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
                taken[i].Complete(outcomes[i]);
        }
        finally
        {
            Array.Clear(requests, 0, batch.Length);
            Array.Clear(outcomes, 0, batch.Length);
        }
    }

    /// <summary>What those who were taken ask for.</summary>
    private ReadOnlyMemory<DrawRequest> Requests()
    {
        var count = taken.Count;
        if (requests.Length < count)
        {
            requests = new DrawRequest[Math.Max(count, 2 * requests.Length)];
            outcomes = new DrawOutcome[requests.Length];
        }

        for (var i = 0; i < count; i++)
            requests[i] = taken[i].Request;
        return requests.AsMemory(0, count);
    }

    /// <summary>A key is one draw, so whoever has one can ask again; the others are told that nobody knows.</summary>
    private async ValueTask FindOutAsync(StoreException doubt)
    {
        taken.RemoveAll(draw =>
        {
            if (draw.Request.Key is not null)
                return false;
            draw.Fail(doubt);
            return true;
        });
        for (var since = Stopwatch.GetTimestamp(); taken.Count > 0; await Task.Delay(RetryEvery))
        {
            try
            {
                await CommitAndAnswerAsync();
                return;
            }
            catch (StoreException error) when (error.Fault is StoreFault.InDoubt or StoreFault.Unavailable)
            {
                if (Volatile.Read(ref closed) || Stopwatch.GetElapsedTime(since) >= doubtPatience)
                    throw doubt;
            }
        }
    }

    private void FailTaken(Exception error)
    {
        foreach (var draw in taken)
            draw.Fail(error);

        // Otherwise those that wait behind the batch fail with it: the store will not be asked again.
        if (error is not StoreException { Fault: StoreFault.Unavailable or StoreFault.InDoubt })
            Fail(error);
    }
}
