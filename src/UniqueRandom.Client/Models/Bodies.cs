namespace UniqueRandom.Client.Models;

/// <summary>The body of a draw.</summary>
internal sealed record DrawRequest(int Count, string? Reference);

/// <summary>The body of the creation of a pool.</summary>
internal sealed record PoolRequest(long? Minimum, long? Maximum, string? Order, CodeFormat? Code)
{
    /// <exception cref="ArgumentException">The order is not valid.</exception>
    public static PoolRequest Of(PoolDefinition pool) => new(pool.Minimum, pool.Maximum, NameOf(pool), pool.Code);

    private static string? NameOf(PoolDefinition pool) => pool.Order switch
    {
        // Older servers refuse the member.
        PoolOrder.Stored when pool.Code is null => null,
        _ => OrderNames.Of(pool.Order, nameof(pool)),
    };
}

/// <summary>The body of an extension.</summary>
internal sealed record ExtensionRequest(long Maximum, string? Order);

/// <summary>The names of the kinds of orders in requests.</summary>
internal static class OrderNames
{
    /// <exception cref="ArgumentException">The order is not valid.</exception>
    public static string? Of(PoolOrder? order, string parameter) => order switch
    {
        null => null,
        PoolOrder.Stored => "stored",
        PoolOrder.Computed => "computed",
        _ => throw new ArgumentException($"{order} is not a valid order; use Stored or Computed.", parameter),
    };
}

/// <summary>The response to a draw of one number.</summary>
internal sealed record DrawnNumber
{
    public required long Number { get; init; }
}

/// <summary>A page of the pools.</summary>
/// <remarks><c>Next</c> is the name after which the next page begins; null on the last page.</remarks>
internal sealed record PoolPage
{
    public required IReadOnlyList<PoolStatus> Pools { get; init; }

    public required string? Next { get; init; }
}
