using UniqueRandom.Codes;
using UniqueRandom.Draws;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Problems;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Redis;

/// <summary>The form of the reply to a draw.</summary>
internal enum ReplyForm
{
    /// <summary>The number, or null if the pool is exhausted.</summary>
    Number,

    /// <summary>The set of numbers.</summary>
    Numbers,

    /// <summary>The array of numbers, and whether it is a replay.</summary>
    KeyedNumbers,
}

/// <summary>
/// The replies to the draws of a connection, in the order of the commands, until they are written. Not thread-safe.
/// </summary>
internal sealed partial class PendingReplies(RedisServices services, RespWriter writer)
{
    /// <summary>The most numbers that are written on an event loop.</summary>
    private const int LargestInline = 1000;

    private readonly List<Pending> pending = [];

    /// <summary>Gets how many replies are pending.</summary>
    public int Count => pending.Count;

    /// <summary>Gets how many numbers they will have together.</summary>
    public int Numbers { get; private set; }

    /// <summary>Draws, and adds the reply.</summary>
    public void Add(in DrawRequest request, ReplyForm form, CancellationToken cancellationToken)
    {
        Numbers += request.Count;
        pending.Add(new Pending(request, form, services.Queue.DrawAsync(request, cancellationToken)));
    }

    /// <summary>Adds the reply to a command that is refused.</summary>
    public void AddError(string error) => pending.Add(new Pending(default, default, default, error));

    /// <summary>Waits for the draws, and writes all replies.</summary>
    public async ValueTask WriteAsync()
    {
        if (pending.Count == 0)
            return;
        // The draws of a batch complete in their order, so once the last one has, the others rarely have to be awaited.
        var last = await CompleteAsync(pending[^1]);
        // Writing many numbers would delay the other sockets of an event loop.
        if (Numbers > LargestInline)
            await Task.Yield();
        for (var i = 0; i < pending.Count - 1; i++)
            Write(pending[i], await CompleteAsync(pending[i]));
        Write(pending[^1], last);
        pending.Clear();
        Numbers = 0;
    }

    /// <summary>Logs and writes the error of a command that is refused.</summary>
    public void WriteError(string error)
    {
        services.Refusals.LogCommand(error);
        writer.WriteError(error);
    }

    private ValueTask<Completed> CompleteAsync(in Pending reply) => reply.Draw.IsCompletedSuccessfully
        ? ValueTask.FromResult(new Completed(reply.Draw.Result))
        : AwaitAsync(reply.Draw);

    private async ValueTask<Completed> AwaitAsync(ValueTask<DrawOutcome> draw)
    {
        try
        {
            return new Completed(await draw);
        }
        catch (StoreException error)
        {
            return new Completed(default, services.Report(error));
        }
        catch (OperationCanceledException)
        {
            services.Refusals.LogCommand(RedisError.Canceled);
            return new Completed(default, RedisError.Canceled);
        }
#pragma warning disable CA1031 // Whatever the draw throws, the other replies must be written.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogUnexpected(services.Logger, error);
            return new Completed(default, RedisError.Of(Problem.FromStatus(StatusCodes.Status500InternalServerError)));
        }
    }

    private void Write(in Pending reply, in Completed completed)
    {
        var outcome = completed.Outcome;
        if (reply.Error is { } error)
            WriteError(error);
        else if (completed.Error is { } logged)
            writer.WriteError(logged);
        else if (outcome.Kind == DrawOutcomeKind.Drawn)
            WriteNumbers(reply, outcome);
        else if (outcome is { Kind: DrawOutcomeKind.Exhausted, Remaining: 0 } && reply.Form == ReplyForm.Number)
            writer.WriteNull();
        else
            WriteError(RedisError.Of(DrawProblem.Of(outcome, reply.Request.Pool)));
    }

    private void WriteNumbers(in Pending reply, in DrawOutcome outcome)
    {
        services.Logger.LogDrawn(reply.Request, outcome);
        if (reply.Form == ReplyForm.Number)
        {
            WriteMember(outcome.Number, outcome.Pool!.Code);
            return;
        }

        var numbers = outcome.Numbers.Span;
        if (reply.Form == ReplyForm.KeyedNumbers)
        {
            writer.BeginArray(2);
            writer.BeginArray(numbers.Length);
        }
        else
        {
            writer.BeginSet(numbers.Length);
        }

        foreach (var number in numbers)
            WriteMember(number, outcome.Pool!.Code);
        if (reply.Form == ReplyForm.KeyedNumbers)
            writer.WriteBoolean(outcome.IsReplayed);
    }

    private void WriteMember(long number, CodeFormat? format)
    {
        if (format is null)
            writer.WriteNumber(number);
        else
            writer.WriteBulk(format.Write(number));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A draw over the Redis protocol failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception error);

    private readonly record struct Pending(
        DrawRequest Request, ReplyForm Form, ValueTask<DrawOutcome> Draw, string? Error = null);

    private readonly record struct Completed(DrawOutcome Outcome, string? Error = null);
}
