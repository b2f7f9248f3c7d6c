using ClientFormat = UniqueRandom.Client.Models.CodeFormat;
using ClientOrder = UniqueRandom.Client.Models.PoolOrder;
using CodeFormat = UniqueRandom.Codes.CodeFormat;
using PoolOrder = UniqueRandom.Pools.PoolOrder;

namespace UniqueRandom.Server.Terminal;

/// <summary>Converts between what the client reads and what the server's own code takes.</summary>
internal static class Conversions
{
    public static ClientOrder ToClient(this PoolOrder order) =>
        order == PoolOrder.Computed ? ClientOrder.Computed : ClientOrder.Stored;

    /// <summary>Converts an order; null if this program does not know it.</summary>
    public static PoolOrder? ToCore(this ClientOrder order) => order switch
    {
        ClientOrder.Stored => PoolOrder.Stored,
        ClientOrder.Computed => PoolOrder.Computed,
        _ => null,
    };

    public static ClientFormat ToClient(this CodeFormat format) => new()
    {
        Alphabet = format.Alphabet,
        Length = format.Length,
        Prefix = format.Prefix,
        Group = format.Group,
        Check = format.Check,
    };

    /// <exception cref="TerminalException">This program does not know the format.</exception>
    public static CodeFormat ToCore(this ClientFormat format) =>
        CodeFormat.Validate(format.Alphabet, format.Length, format.Prefix, format.Group, format.Check) is null
            ? new CodeFormat(format.Alphabet, format.Length, format.Prefix, format.Group, format.Check)
            : throw new TerminalException(
                ExitCodes.BadInput, "The pool has codes that this program does not know. Use the same version as the server.");
}
