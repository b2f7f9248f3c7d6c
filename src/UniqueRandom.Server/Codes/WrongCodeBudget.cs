namespace UniqueRandom.Server.Codes;

/// <summary>
/// How many wrong codes may still be looked up: a number at once, and as many a minute after that. A look-up takes its place
/// before the code is known to be correct or wrong, and gives it back if it is not wrong; so many look-ups at once decide no more
/// codes than one after another. Thread-safe.
/// </summary>
/// <param name="perMinute">The number, at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class WrongCodeBudget(int perMinute, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource<bool>> waiting = [];
    private double places = perMinute;
    private int taken;
    private long filled = time.GetTimestamp();

    /// <summary>Takes a place. While other look-ups hold the last ones, waits for them: correct ones give theirs back.</summary>
    /// <returns>False if none is left; otherwise the caller must call <see cref="Release"/>.</returns>
    /// <exception cref="OperationCanceledException">The caller does not wait any more, and has no place.</exception>
    public async ValueTask<bool> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<bool>> place;
        lock (gate)
        {
            Fill();
            if (waiting.Count == 0 && TryTake())
                return true;
            if (taken == 0)
                return false;
            place = waiting.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using var canceled = cancellationToken.Register(() => Cancel(place, cancellationToken));
        return await place.Value.Task;
    }

    /// <summary>Ends a look-up that has taken a place.</summary>
    /// <param name="isWrong">Whether the code was wrong, and the place is used up.</param>
    public void Release(bool isWrong)
    {
        lock (gate)
        {
            Fill();
            taken--;
            if (!isWrong)
                places = Math.Min(places + 1, perMinute);
            while (waiting.Count > 0 && TryTake())
                Dequeue().SetResult(true);
            while (waiting.Count > 0 && taken == 0)
                Dequeue().SetResult(false);
        }
    }

    /// <summary>Ends a wait. One that has left the queue has its result, and a place that was given stays taken.</summary>
    private void Cancel(LinkedListNode<TaskCompletionSource<bool>> place, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (place.List is null)
                return;
            waiting.Remove(place);
            place.Value.SetCanceled(cancellationToken);
        }
    }

    private TaskCompletionSource<bool> Dequeue()
    {
        var first = waiting.First!.Value;
        waiting.RemoveFirst();
        return first;
    }

    private bool TryTake()
    {
        if (places < 1)
            return false;
        places--;
        taken++;
        return true;
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        places = Math.Min(places + perMinute * time.GetElapsedTime(filled, now).TotalMinutes, perMinute);
        filled = now;
    }
}
