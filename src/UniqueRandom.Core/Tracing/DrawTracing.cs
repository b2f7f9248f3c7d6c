using System.Diagnostics;
using UniqueRandom.Draws;

namespace UniqueRandom.Tracing;

/// <summary>
/// Creates an activity for each draw, from its request to its outcome, and for each batch, beneath its first draw. A batch and
/// its draws are linked in both directions. Without a listener nothing is created. Thread-safe.
/// </summary>
/// <remarks>
/// The activities name the pool, the count and the outcome. They never have a number, a key or a reference. None of them is the
/// current activity of a caller. Once a draw waits, exceptions of listeners are ignored.
/// </remarks>
public static class DrawTracing
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "UniqueRandom";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the activity of a draw.</summary>
    /// <returns>The activity; null if nobody listens.</returns>
    internal static Activity? StartDraw(in DrawRequest request)
    {
        if (!Source.HasListeners())
            return null;
        var caller = Activity.Current;
        try
        {
            return Source.StartActivity("draw")
                ?.SetTag("uniquerandom.pool", request.Pool)
                .SetTag("uniquerandom.count", request.Count);
        }
        finally
        {
            Activity.Current = caller;
        }
    }

    /// <summary>Starts the activity of a batch, so that work of the store is beneath it.</summary>
    /// <param name="draw">The activity of the first draw that has one.</param>
    /// <returns>The activity, current until the calling method returns; null if nobody listens.</returns>
    internal static Activity? StartBatch(Activity draw)
    {
        try
        {
            return Source.StartActivity("commit", ActivityKind.Internal, draw.Context);
        }
#pragma warning disable CA1031 // The draws go on.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>Links a batch and one of its draws.</summary>
    internal static void Link(Activity batch, Activity draw)
    {
        batch.AddLink(new ActivityLink(draw.Context));
        draw.AddLink(new ActivityLink(batch.Context));
    }

    /// <summary>Ends the activity of a draw that has an outcome.</summary>
    internal static void End(Activity draw, in DrawOutcome outcome)
    {
        draw.SetTag("uniquerandom.outcome", OutcomeName.Of(outcome));
        End(draw);
    }

    /// <summary>Ends an activity.</summary>
    /// <param name="activity">The activity of a draw or a batch.</param>
    /// <param name="error">Why it has failed; null if it has not.</param>
    internal static void End(Activity activity, Exception? error = null)
    {
        if (error is not null)
            activity.SetStatus(ActivityStatusCode.Error, error.Message).SetTag("error.type", error.GetType().FullName);
        // Stopping makes the parent the current activity, also on a thread that has nothing to do with it.
        var current = Activity.Current == activity ? null : Activity.Current;
        try
        {
            activity.Stop();
        }
#pragma warning disable CA1031 // The caller must get its answer.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
