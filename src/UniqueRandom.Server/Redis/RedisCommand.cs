using System.Text;

namespace UniqueRandom.Server.Redis;

/// <summary>Executes a command whose number of arguments is allowed.</summary>
internal delegate void RedisHandler(RedisConnection connection, RespCommand command);

/// <summary>What a command requires of the connection, if the server has keys.</summary>
internal enum RedisAccess
{
    Nothing,
    AnyKey,
    DrawRole,
}

/// <summary>A command.</summary>
/// <param name="Name">The name, in upper case.</param>
/// <param name="Minimum">The smallest number of arguments, including the name.</param>
/// <param name="Maximum">The largest number of arguments, including the name.</param>
/// <param name="Access">What it requires.</param>
/// <param name="Handler">Executes it.</param>
/// <param name="Usage">The arguments, as in the documentation of Redis.</param>
/// <param name="Summary">One sentence for COMMAND DOCS.</param>
internal sealed record RedisCommand(
    string Name, int Minimum, int Maximum, RedisAccess Access, RedisHandler Handler, string Usage, string Summary)
{
    private readonly byte[] bytes = Encoding.ASCII.GetBytes(Name);

    public string LowerName { get; } = Name.ToLowerInvariant();

    /// <summary>Whether the first argument, after the name, is the name of a pool.</summary>
    public bool HasPool => Usage.StartsWith("pool", StringComparison.Ordinal);

    public bool Draws => Access == RedisAccess.DrawRole;

    public bool IsNamed(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(bytes, name);
}
