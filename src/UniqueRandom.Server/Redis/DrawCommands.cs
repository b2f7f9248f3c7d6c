using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Redis;

/// <summary>The commands that draw from a pool, or count what is left.</summary>
internal static class DrawCommands
{
    public static void Pop(RedisConnection connection, RespCommand command)
    {
        var (hasCount, count) = (command.Count > 2, 1);
        if (!TryReadPool(connection, command, out var pool) || (hasCount && !TryReadCount(connection, command, out count)))
            return;
        var form = hasCount ? RedisReply.Numbers : RedisReply.Number;
        connection.Draw(new DrawRequest(pool, count, Caller: connection.Key?.Name), form);
    }

    public static void Draw(RedisConnection connection, RespCommand command)
    {
        if (!TryReadPool(connection, command, out var pool) || !TryReadCount(connection, command, out var count))
            return;
        var key = command.Text(3);
        var reference = command.Count > 4 ? command.Text(4) : null;
        if (!IdempotencyKey.IsValid(key))
            connection.Replies.AddError(RedisError.OfArgument("key", $"key {Rules.Key}."));
        else if (reference is not null && (reference.Contains('\uFFFD') || !Reference.IsValid(reference)))
            connection.Replies.AddError(RedisError.OfArgument("reference", $"reference must {Rules.Reference}"));
        else
            connection.Draw(new DrawRequest(pool, count, reference, key, connection.Key?.Name), RedisReply.KeyedNumbers);
    }

    public static void Count(RedisConnection connection, RespCommand command)
    {
        // The store may read from the disk.
        if (TryReadPool(connection, command, out var name))
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
                connection.Writer.WriteError(RedisError.Of(DrawProblem.Of(name, pool)!));
        }
        catch (StoreException error)
        {
            connection.Services.Health.Report(error);
            connection.Writer.WriteError(RedisError.Of(Problem.Of(error)));
        }
    }

    private static bool TryReadPool(RedisConnection connection, RespCommand command, out string pool)
    {
        pool = "";
        if (!connection.Services.Gate.IsOpen)
        {
            connection.Replies.AddError(RedisError.Of(Problem.Starting()));
            return false;
        }

        if (connection.Pool.Find(command[1]) is { } name)
        {
            pool = name;
            return true;
        }

        connection.Replies.AddError(RedisError.OfArgument("pool", Rules.Pool));
        return false;
    }

    private static bool TryReadCount(RedisConnection connection, RespCommand command, out int count)
    {
        if (command.Integer(2, 1, DrawRequest.MaximumCount) is { } value)
        {
            count = value;
            return true;
        }

        count = 0;
        connection.Replies.AddError(RedisError.OfArgument("count", Rules.Integer("count", 1, DrawRequest.MaximumCount)));
        return false;
    }
}
