using System.Diagnostics;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Stores;
using UniqueRandom.Tracing;

namespace UniqueRandom.Queueing;

/// <summary>
/// Draws numbers. Collects the draws that arrive while the store is busy into a batch, lets the store commit the batch as one
/// transaction, and then answers: group commit (DeWitt et al., "Implementation Techniques for Main Memory Database Systems",
/// 1984).
/// </summary>
/// <remarks>
/// <para>The queue has no artificial delay. It is a work item: the first draw that finds the queue idle schedules it behind the
/// work that is already runnable, on the thread pool or on the <see cref="EventLoop"/> of the draw, and it then takes all waiting
/// draws. A single caller is served at once; under load, the requests that are ready share a transaction. The transaction
/// starts on the thread pool, or on a thread of its own (<see cref="DrawQueueOptions.HasCommitThread"/>). A draw that is alone in
/// its batch, while none waits, completes on that thread, and the next one begins without gathering.</para>
/// <para>The queue is bounded: if <see cref="DrawQueueOptions.Capacity"/> draws wait, the next one is answered
/// <see cref="DrawOutcomeKind.QueueFull"/>.</para>
/// <para>If the store throws, every draw of the batch fails with that error. If the fault is <see cref="StoreFault.InDoubt"/>,
/// draws with a key are retried until their outcome is known or <see cref="DrawQueueOptions.DoubtTimeout"/> has elapsed. A
/// <see cref="StoreFault.Fatal"/> or unclassified error ends the queue; see <see cref="Failure"/>. Draws that the store has not
/// seen then fail with <see cref="StoreFault.Unavailable"/>.</para>
/// <para>Thread-safety: all members can be called from any thread at any time.</para>
/// </remarks>
public sealed class DrawQueue : IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>After how many checks without a new draw a batch on a shared store begins.</summary>
    private const int QuietRounds = 3;

    /// <summary>How long a batch on a shared store waits for more draws at most, on a machine that is never idle.</summary>
    private static readonly TimeSpan MaximumGathering = TimeSpan.FromMilliseconds(1);

    private readonly int capacity;
    private readonly bool isShared;
    private readonly DrawActivity? activity;
    private readonly TimeSpan slowCommit;
    private readonly TaskCompletionSource<Exception> failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by the gate, which is held for a few instructions only.
    private readonly Lock gate = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Stack<PendingDraw> unused = new();
    private List<PendingDraw> waiting = [];
    private long waitingSince;
    private bool isScheduled;
    private StoreException? refusal;

    // Owned by the turn: at most one is scheduled or running.
    private readonly DrawBatch batch;
    private readonly CommitThread? thread;
    private bool isAlone;
    private int waitingBefore;
    private int quietRounds;
    private long gatheringStart;

    /// <summary>Creates a queue in front of a store.</summary>
    /// <param name="store">An open store. The queue doesn't dispose it.</param>
    /// <param name="options">The limits.</param>
    /// <param name="activity">Records every committed batch. The queue doesn't dispose it.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The capacity is not within 1 to 1,000,000, or the timeout is negative.
    /// </exception>
    public DrawQueue(IPoolStore store, DrawQueueOptions options, DrawActivity? activity = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Capacity, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DoubtTimeout, TimeSpan.Zero, nameof(options));
        this.activity = activity;
        capacity = options.Capacity;
        slowCommit = options.SlowCommit;
        isShared = store is ISharedPoolStore;
        batch = new DrawBatch(store, activity, options.DoubtTimeout, closing.Token);
        thread = options.HasCommitThread && !isShared ? new CommitThread(RunTurn) : null;
        activity?.ObserveDepth(() => Depth);
    }

    /// <summary>Completes with the error that ended the queue. The process must stop then.</summary>
    public Task<Exception> Failure => failure.Task;

    /// <summary>How many draws wait for a batch to begin.</summary>
    private int Depth
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>Draws numbers. Completes when the draw is durable, or when it has certainly taken nothing.</summary>
    /// <param name="request">What to draw.</param>
    /// <param name="cancellationToken">Drops the draw if its batch has not been taken yet; it has no effect later.</param>
    /// <returns>The outcome. Await it exactly once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is not within 1 to <see cref="DrawRequest.MaximumCount"/>.
    /// </exception>
    /// <exception cref="ArgumentException">The key or the reference is not valid.</exception>
    /// <exception cref="OperationCanceledException">The draw was dropped.</exception>
    /// <exception cref="StoreException">The store failed; the fault says whether the draw may have been recorded.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public ValueTask<DrawOutcome> DrawAsync(in DrawRequest request, CancellationToken cancellationToken = default)
    {
        request.Validate();
        var trace = DrawTracing.StartDraw(request);
        ValueTask<DrawOutcome> outcome = default;
        bool isFirst;
        Exception? error;
        bool isFull;
        lock (gate)
        {
            error = closing.IsCancellationRequested ? new ObjectDisposedException(nameof(DrawQueue)) : refusal;
            isFull = waiting.Count >= capacity;
            isFirst = error is null && !isFull && !isScheduled;
            if (error is null && !isFull)
                outcome = Add(request, trace, cancellationToken);
        }

        if (error is not null || isFull)
            return Refuse(trace, error);
        if (isFirst)
            ScheduleTurn(EventLoop.Current, atOnce: isAlone);
        return outcome;
    }

    /// <summary>
    /// Ends the queue, because the store has failed and can't be used any more. Waiting and later draws fail; they took nothing.
    /// </summary>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        List<PendingDraw> left;
        StoreException reason;
        lock (gate)
        {
            reason = refusal ??= new StoreException(
                StoreFault.Unavailable,
                "The store has failed, and the process stops. Nothing was drawn. Draw again after the restart.",
                error);
            left = [.. waiting];
            waiting.Clear();
        }

        foreach (var draw in left)
            draw.Fail(reason);
        failure.TrySetResult(error);
    }

    /// <summary>Refuses new draws, and completes when the waiting draws are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closing.Cancel();
            if (!isScheduled)
                idle.TrySetResult();
        }

        await idle.Task;
        thread?.End();
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

    void IThreadPoolWorkItem.Execute()
    {
        if (isShared && AreDrawsArriving())
            ScheduleTurn(null, atOnce: false);
        else if (thread is not null)
            thread.Run();
        else
            RunTurn();
    }

    /// <summary>Adds a draw to those that wait. The gate is held.</summary>
    private ValueTask<DrawOutcome> Add(in DrawRequest request, Activity? trace, CancellationToken cancellationToken)
    {
        if (waiting.Count == 0)
            waitingSince = Stopwatch.GetTimestamp();
        if (!unused.TryPop(out var draw))
            draw = new PendingDraw(this);
        var outcome = draw.Begin(request, trace, cancellationToken);
        waiting.Add(draw);
        isScheduled = true;
        return outcome;
    }

    /// <summary>Answers a draw that does not wait.</summary>
    /// <param name="trace">The activity of the draw.</param>
    /// <param name="error">The error; null if too many draws wait.</param>
    private ValueTask<DrawOutcome> Refuse(Activity? trace, Exception? error)
    {
        if (error is not null)
        {
            if (trace is not null)
                DrawTracing.End(trace, error);
            return ValueTask.FromException<DrawOutcome>(error);
        }

        activity?.RecordQueueFull();
        if (trace is not null)
            DrawTracing.End(trace, DrawOutcome.QueueFull);
        return ValueTask.FromResult(DrawOutcome.QueueFull);
    }

    /// <summary>
    /// Lets runnable work run first while it adds more draws: on a shared store a transaction is expensive, and another draw in
    /// it is not. On an idle machine this takes no time.
    /// </summary>
    private bool AreDrawsArriving()
    {
        if (waitingBefore == 0)
            gatheringStart = Stopwatch.GetTimestamp();
        Thread.Sleep(0);
        lock (gate)
        {
            quietRounds = waiting.Count > waitingBefore ? 0 : quietRounds + 1;
            waitingBefore = waiting.Count;
            if (quietRounds < QuietRounds && Stopwatch.GetElapsedTime(gatheringStart) < MaximumGathering)
                return true;
            (waitingBefore, quietRounds) = (0, 0);
            return false;
        }
    }

    /// <summary>Schedules a turn, behind the work that is already runnable unless it is to begin at once.</summary>
    private void ScheduleTurn(EventLoop? loop, bool atOnce)
    {
        // Without a thread that commits, a turn may block, so it leaves the loop. The global queue of the pool, not this thread's
        // local one: runnable requests join the batch by running first.
        if (thread is not null && atOnce)
            thread.Run();
        else if (loop is null || thread is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            loop.Post(this);
    }

    // Void, so that an error in the queue itself ends the process instead of leaving callers waiting.
    private async void RunTurn()
    {
        long since;
        lock (gate)
        {
            since = waitingSince;
            batch.TakeAll(ref waiting);
        }

        activity?.RecordWait(Stopwatch.GetElapsedTime(since));
        var error = await batch.LockAsync();
        if (isShared)
        {
            lock (gate)
                batch.Join(waiting);
        }

        var start = Stopwatch.GetTimestamp();
        error ??= await batch.CommitAsync();
        if (error is not null)
            Fail(error);
        var isSlow = Stopwatch.GetElapsedTime(start) >= slowCommit;
        // Waking an event loop takes longer than answering one draw.
        lock (gate)
            isAlone = batch.Count == 1 && waiting.Count == 0 && !isSlow;
        thread?.ExpectsTurn = isAlone;
        batch.Answer(onCallingThread: isAlone);

        EventLoop? loop;
        lock (gate)
        {
            Debug.Assert(isScheduled, "A turn runs only when it is scheduled.");
            if (waiting.Count == 0)
            {
                isScheduled = false;
                if (closing.IsCancellationRequested)
                    idle.TrySetResult();
                return;
            }

            loop = waiting[^1].Loop;
        }

        // A single client has no others to gather. On a slow disk, many have gathered while the last batch was committed.
        ScheduleTurn(loop, atOnce: isAlone || isSlow);
    }
}
