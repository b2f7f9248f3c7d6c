using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Redis;

/// <summary>Authenticates connections with access keys.</summary>
internal static class RedisAuthentication
{
    /// <summary>The name that clients send, or imply, if they know only a password.</summary>
    public const string DefaultName = "default";

    /// <summary>Authenticates a connection. After a failure it is as it was before.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="name">The name of the key, or <see cref="DefaultName"/>.</param>
    /// <param name="token">The access key.</param>
    /// <returns>The error; null after success.</returns>
    public static string? Authenticate(RedisConnection connection, string name, ReadOnlySpan<byte> token)
    {
        if (connection.Services.Keys is not { } keys)
            return "ERR The server has no access keys, so AUTH is not needed.";
        if (keys.Find(token) is not { } key || (name != DefaultName && name != key.Name))
            return Refuse(connection, "WRONGPASS unauthorized: The key is unknown, or has another name.");
        connection.Key = key;
        return null;
    }

    /// <summary>Counts a failure. A client address with too many is disconnected.</summary>
    /// <returns>The error.</returns>
    public static string Refuse(RedisConnection connection, string error)
    {
        if (connection.Services.Failures!.TryCount(connection.ClientAddress))
            return error;
        connection.Close();
        return RedisError.Of(Problem.TooManyFailures());
    }
}
