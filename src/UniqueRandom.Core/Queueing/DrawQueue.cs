using System.Diagnostics;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Stores;

namespace UniqueRandom.Queueing;

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
    /// <summary>After how many looks around without another draw a batch that is shared by processes begins.</summary>
    private const int QuietRounds = 3;

    /// <summary>On a machine that never comes to rest the batch begins all the same.</summary>
    private static readonly TimeSpan LookLongest = TimeSpan.FromMilliseconds(1);

    private readonly int capacity;
    private readonly bool isShared;
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
    private readonly DrawBatch batch;
    private int waitingBefore;
    private int quietRounds;
    private long lookingSince;

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
        capacity = options.Capacity;
        isShared = store is ISharedPoolStore;
        batch = new DrawBatch(this, store, activity, options.DoubtPatience);
    }

    /// <summary>Completes with the error after which the queue answers nobody any more. The process has to stop then.</summary>
    public Task<Exception> Failure => failure.Task;

    /// <summary>Draws. Completes when the draw is durable, or it is certain that it took nothing.</summary>
    /// <param name="request">What to draw.</param>
    /// <param name="cancellationToken">
    /// Drops the draw, at no cost, if its batch is not taken yet when it is due; it has no effect later.
    /// </param>
    /// <returns>What became of it. To be awaited exactly once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not within 1 to <see cref="DrawRequest.MaximumCount"/>.</exception>
    /// <exception cref="ArgumentException">The key or the reference breaks its rule.</exception>
    /// <exception cref="OperationCanceledException">The draw was dropped.</exception>
    /// <exception cref="StoreException">The store failed; the fault says whether the draw may have been recorded.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public ValueTask<DrawOutcome> DrawAsync(in DrawRequest request, CancellationToken cancellationToken = default)
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
            outcome = draw.Begin(request, cancellationToken);
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

    /// <summary>Whether the queue answers only those who wait already.</summary>
    internal bool IsClosing => Volatile.Read(ref closed);

    /// <summary>Lets those who wait join the batch at hand, as far as they can.</summary>
    internal void LetJoin()
    {
        lock (gate)
            batch.Join(waiting);
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
        if (isShared && IsArriving())
            ScheduleTurn();
        else
            await TakeTurnAsync();
    }

    /// <summary>
    /// A transaction that processes wait for each other with is dear, and one that many share costs hardly more. So whatever can run on this machine runs first, for as long as
    /// that brings more draws. On a machine with nothing to do this takes no time.
    /// </summary>
    private bool IsArriving()
    {
        if (waitingBefore == 0)
            lookingSince = Stopwatch.GetTimestamp();
        Thread.Sleep(0);
        lock (gate)
        {
            quietRounds = waiting.Count > waitingBefore ? 0 : quietRounds + 1;
            waitingBefore = waiting.Count;
            if (quietRounds < QuietRounds && Stopwatch.GetElapsedTime(lookingSince) < LookLongest)
                return true;
            (waitingBefore, quietRounds) = (0, 0);
            return false;
        }
    }

    // Not to the front of this thread's own queue: work that is ready joins the batch by running first.
    private void ScheduleTurn() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private async ValueTask TakeTurnAsync()
    {
        lock (gate)
            batch.TakeAll(ref waiting);
        if (await batch.CommitAsync() is { } error)
            Fail(error);

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
}
