using System.Diagnostics;
using UniqueRandom.Pools;

namespace UniqueRandom.Draws;

/// <summary>The outcome of a draw. A value, so that a draw of one number allocates nothing.</summary>
public readonly record struct DrawOutcome
{
    private readonly long[]? numbers;

    private DrawOutcome(DrawOutcomeKind kind, PoolDefinition? pool = null, long position = 0, long[]? numbers = null)
    {
        Kind = kind;
        Pool = pool;
        Position = position;
        this.numbers = numbers;
    }

    /// <summary>How the draw ended.</summary>
    public DrawOutcomeKind Kind { get; }

    /// <summary>The pool; null if no pool has the name, or if the draw did not reach the store.</summary>
    public PoolDefinition? Pool { get; }

    /// <summary>The 0-based position of the first number if drawn; the cursor if exhausted; otherwise 0.</summary>
    public long Position { get; }

    /// <summary>How many numbers were drawn; 0 unless <see cref="DrawOutcomeKind.Drawn"/>.</summary>
    public int Count { get; private init; }

    /// <summary>The first number drawn.</summary>
    public long Number { get; private init; }

    /// <summary>When the batch was committed, to the millisecond, UTC.</summary>
    public DateTimeOffset DrawnAt { get; private init; }

    /// <summary>All numbers drawn, in the order of their positions.</summary>
    public ReadOnlyMemory<long> Numbers => numbers ?? (Count == 1 ? [Number] : []);

    /// <summary>Whether an earlier draw with the same key took these numbers, and this one took nothing.</summary>
    public bool IsReplayed { get; private init; }

    /// <summary>How many numbers the pool had left after the draw.</summary>
    public long Remaining => Pool is null ? 0 : Pool.Range.Size - Position - Count;

    /// <summary>Creates the outcome of a draw of one number.</summary>
    public static DrawOutcome DrawnOne(PoolDefinition pool, long position, long number, DateTimeOffset drawnAt) =>
        new(DrawOutcomeKind.Drawn, pool, position) { Count = 1, Number = number, DrawnAt = drawnAt };

    /// <summary>Creates the outcome of a draw of several numbers. The outcome owns the array from then on.</summary>
    public static DrawOutcome DrawnMany(PoolDefinition pool, long position, long[] numbers, DateTimeOffset drawnAt)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        Debug.Assert(numbers.Length > 0, "A draw takes at least one number.");
        return new(DrawOutcomeKind.Drawn, pool, position, numbers)
        {
            Count = numbers.Length,
            Number = numbers[0],
            DrawnAt = drawnAt,
        };
    }

    /// <summary>Creates the same outcome for a retry.</summary>
    public DrawOutcome ToReplay()
    {
        Debug.Assert(Kind == DrawOutcomeKind.Drawn, "Only drawn numbers can be replayed.");
        return this with { IsReplayed = true };
    }

    /// <summary>Creates the outcome of a draw for which too few numbers are left.</summary>
    public static DrawOutcome Exhausted(PoolDefinition pool, long cursor) => new(DrawOutcomeKind.Exhausted, pool, cursor);

    /// <summary>The outcome when no pool has the name.</summary>
    public static DrawOutcome PoolNotFound => new(DrawOutcomeKind.PoolNotFound);

    /// <summary>Creates the outcome of a draw from a closed pool.</summary>
    public static DrawOutcome PoolClosed(PoolDefinition pool) => new(DrawOutcomeKind.PoolClosed, pool);

    /// <summary>Creates the outcome of a draw from a pool that is not open yet.</summary>
    public static DrawOutcome PoolSeeding(PoolDefinition pool) => new(DrawOutcomeKind.PoolSeeding, pool);

    /// <summary>The outcome when the caller has used the key for another request.</summary>
    public static DrawOutcome KeyConflict => new(DrawOutcomeKind.KeyConflict);

    /// <summary>The outcome when too many draws are waiting.</summary>
    public static DrawOutcome QueueFull => new(DrawOutcomeKind.QueueFull);
}
