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
        null => null,
        // Older servers refuse the member.
        PoolOrder.Stored when pool.Code is null => null,
        PoolOrder.Stored => "stored",
        PoolOrder.Computed => "computed",
        _ => throw new ArgumentException($"{pool.Order} is not a valid order; use Stored or Computed.", nameof(pool)),
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
