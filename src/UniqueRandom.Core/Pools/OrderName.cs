namespace UniqueRandom.Pools;

/// <summary>The names of the kinds of orders, in requests, answers and messages.</summary>
public static class OrderName
{
    /// <summary>The name of <see cref="PoolOrder.Stored"/>.</summary>
    public const string Stored = "stored";

    /// <summary>The name of <see cref="PoolOrder.Computed"/>.</summary>
    public const string Computed = "computed";

    /// <summary>Gets the name of a kind of order.</summary>
    public static string Of(PoolOrder order) => order == PoolOrder.Computed ? Computed : Stored;

    /// <summary>Reads a name.</summary>
    /// <returns>Whether it is one, in this case.</returns>
    public static bool TryRead(string? name, out PoolOrder order)
    {
        order = name == Computed ? PoolOrder.Computed : PoolOrder.Stored;
        return name is Stored or Computed;
    }
}
