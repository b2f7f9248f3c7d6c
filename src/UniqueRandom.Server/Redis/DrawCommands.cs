using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Redis;

/// <summary>The commands that draw from a pool, or count what is left.</summary>
internal static class DrawCommands
{
    public static void Pop(RedisConnection connection, CommandArguments arguments)
    {
        var (hasCount, count) = (arguments.Count > 2, 1);
        if (!TryReadPool(connection, arguments, out var pool) || (hasCount && !TryReadCount(connection, arguments, out count)))
            return;
        var request = new DrawRequest(pool, count, Caller: connection.Key?.Name);
        connection.Draw(request, hasCount ? ReplyForm.Numbers : ReplyForm.Number);
    }

    public static void Draw(RedisConnection connection, CommandArguments arguments)
    {
        if (!TryReadPool(connection, arguments, out var pool) || !TryReadCount(connection, arguments, out var count))
            return;
        var key = arguments.Text(3);
        var reference = arguments.Count > 4 ? arguments.Text(4) : null;
        if (!IdempotencyKey.IsValid(key))
            connection.Replies.AddError(RedisError.OfArgument("key", $"key {Rules.Key}."));
        else if (reference is not null && (reference.Contains('\uFFFD') || !Reference.IsValid(reference)))
            connection.Replies.AddError(RedisError.OfArgument("reference", $"reference must {Rules.Reference}"));
        else
            connection.Draw(new DrawRequest(pool, count, reference, key, connection.Key?.Name), ReplyForm.KeyedNumbers);
    }

    public static void Count(RedisConnection connection, CommandArguments arguments)
    {
        // The store may read from the disk.
        if (TryReadPool(connection, arguments, out var name))
            connection.Defer(() => CountAsync(connection, name));
    }

    private static async ValueTask CountAsync(RedisConnection connection, string name)
    {
        try
        {
            var pool = await connection.Services.Store.FindAsync(name, CancellationToken.None);
            if (pool?.State is PoolState.Open or PoolState.Exhausted)
                connection.Writer.WriteInteger(pool.Remaining);
            else
                connection.Replies.WriteError(RedisError.Of(DrawProblem.Of(name, pool)!));
        }
        catch (StoreException error)
        {
            connection.Writer.WriteError(connection.Services.Report(error));
        }
    }

    private static bool TryReadPool(RedisConnection connection, CommandArguments arguments, out string pool)
    {
        var name = connection.Pool.Find(arguments[1]);
        pool = name ?? "";
        if (!connection.Services.Gate.IsOpen)
            connection.Replies.AddError(RedisError.Of(Problem.Starting()));
        else if (name is null)
            connection.Replies.AddError(RedisError.OfArgument("pool", Rules.Pool));
        else
            return true;
        return false;
    }

    private static bool TryReadCount(RedisConnection connection, CommandArguments arguments, out int count)
    {
        var value = arguments.Integer(2, 1, DrawRequest.MaximumCount);
        count = value ?? 0;
        if (value is null)
            connection.Replies.AddError(RedisError.OfArgument("count", Rules.Integer("count", 1, DrawRequest.MaximumCount)));
        return value is not null;
    }
}
