using UniqueRandom.Server.Answers;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Backups;

/// <summary>An operation that takes longer than a request. It runs once at a time. Thread-safe.</summary>
/// <param name="describe">Returns the reason if an error is an expected failure; null for any other.</param>
/// <param name="time">The clock.</param>
internal sealed class LongOperation<T>(Func<Exception, string?> describe, TimeProvider time)
    where T : class
{
    private readonly Lock gate = new();
    private OperationRun<T> last = new(OperationState.None, null, null, null, null);

    /// <summary>Gets the running operation, or the last one.</summary>
    public OperationRun<T> Last
    {
        get
        {
            lock (gate)
                return last;
        }
    }

    /// <summary>Starts the operation, or joins the one that is running.</summary>
    /// <param name="work">The work.</param>
    /// <param name="ended">Called with the result when it has ended.</param>
    /// <returns>The run, and whether this call has started it.</returns>
    public (OperationRun<T> Run, bool IsNew) Start(Func<Task<T>> work, Action<OperationRun<T>> ended)
    {
        lock (gate)
        {
            if (last.State == OperationState.Running)
                return (last, false);
            last = new OperationRun<T>(OperationState.Running, time.GetStoredNow(), null, null, null);
            _ = Task.Run(() => RunAsync(last, work, ended));
            return (last, true);
        }
    }

    private async Task RunAsync(OperationRun<T> run, Func<Task<T>> work, Action<OperationRun<T>> ended)
    {
        try
        {
            var result = await work();
            run = run with { State = OperationState.Done, Result = result };
        }
#pragma warning disable CA1031 // The operation must end in a state, whatever it throws.
        catch (Exception error)
#pragma warning restore CA1031
        {
            run = run with
            {
                State = OperationState.Failed,
                Reason = describe(error) ?? "The server failed. Its log has the reason.",
                Error = error,
            };
        }

        run = run with { EndedAt = time.GetStoredNow() };
        lock (gate)
            last = run;
        ended(run);
    }
}

/// <summary>One run of an operation.</summary>
/// <param name="State">Its state.</param>
/// <param name="StartedAt">When it started; null if there was none.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Reason">Why it failed, as a sentence; null if it did not.</param>
/// <param name="Result">What it has done; null if it has not ended, or failed.</param>
internal sealed record OperationRun<T>(
    OperationState State, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Reason, T? Result)
    where T : class
{
    /// <summary>The error, for the log; null if it did not fail.</summary>
    public Exception? Error { get; init; }
}
