using System.Text;

namespace UniqueRandom.Server.Redis;

/// <summary>Executes a command whose number of arguments is allowed.</summary>
internal delegate void CommandHandler(RedisConnection connection, CommandArguments arguments);

/// <summary>What a command requires of the connection if the server has access keys.</summary>
internal enum CommandAccess
{
    Nothing,
    AnyKey,
    DrawRole,
}

/// <summary>A command of the protocol.</summary>
/// <param name="Name">The name, in upper case.</param>
/// <param name="Minimum">The smallest number of arguments, including the name.</param>
/// <param name="Maximum">The largest number of arguments, including the name.</param>
/// <param name="Access">What it requires.</param>
/// <param name="Handler">Executes it.</param>
/// <param name="Usage">Its arguments, as in the documentation of Redis.</param>
/// <param name="Summary">One sentence for COMMAND DOCS.</param>
internal sealed record CommandDefinition(
    string Name, int Minimum, int Maximum, CommandAccess Access, CommandHandler Handler, string Usage, string Summary)
{
    private readonly byte[] bytes = Encoding.ASCII.GetBytes(Name);

    public string LowerName { get; } = Name.ToLowerInvariant();

    /// <summary>Whether the first argument is a pool. Such commands count against the rate limit of the key.</summary>
    public bool HasPool { get; } = Usage.StartsWith("pool", StringComparison.Ordinal);

    public bool Draws => Access == CommandAccess.DrawRole;

    public bool IsNamed(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(bytes, name);
}
