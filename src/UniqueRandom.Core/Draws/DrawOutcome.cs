using System.Diagnostics;
using UniqueRandom.Pools;

namespace UniqueRandom.Draws;

/// <summary>The ways a draw can end.</summary>
public enum DrawOutcomeKind
{
    /// <summary>The numbers are the caller's, durably; now, or since an earlier draw with the same key.</summary>
    Drawn = 1,

    /// <summary>The pool has fewer numbers left than were asked for. Nothing was taken.</summary>
    Exhausted,

    /// <summary>There is no pool of that name. Nothing was taken.</summary>
    PoolNotFound,

    /// <summary>The pool was ended for good. Nothing was taken.</summary>
    PoolClosed,

    /// <summary>The pool's permutation is not wholly stored yet. Nothing was taken.</summary>
    PoolSeeding,

    /// <summary>The caller has used the key for another request. Nothing was taken.</summary>
    KeyConflict,

    /// <summary>Too many draws are waiting already. Nothing was taken, and the store was not asked.</summary>
    QueueFull,
}

/// <summary>What became of a draw. A value, so that the usual draw of one number allocates nothing.</summary>
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

    /// <summary>The pool that was asked; null when there is none of that name, or it was not asked.</summary>
    public PoolDefinition? Pool { get; }

    /// <summary>When drawn, the position of the first number; when exhausted, the cursor; else 0.</summary>
    public long Position { get; }

    /// <summary>How many numbers were drawn; 0 unless <see cref="DrawOutcomeKind.Drawn"/>.</summary>
    public int Count { get; private init; }

    /// <summary>The first number drawn.</summary>
    public long Number { get; private init; }

    /// <summary>When the batch that took them was committed, to the millisecond, UTC.</summary>
    public DateTimeOffset DrawnAt { get; private init; }

    /// <summary>All numbers drawn, in the order of their positions.</summary>
    public ReadOnlyMemory<long> Numbers => numbers ?? (Count == 1 ? [Number] : []);

    /// <summary>Whether an earlier draw with the same key took these numbers, and this one took nothing.</summary>
    public bool IsReplayed { get; private init; }

    /// <summary>How many numbers the pool had left right after the numbers were drawn.</summary>
    public long Remaining => Pool is null ? 0 : Pool.Range.Size - Position - Count;

    /// <summary>One number was drawn.</summary>
    public static DrawOutcome DrawnOne(PoolDefinition pool, long position, long number, DateTimeOffset drawnAt) =>
        new(DrawOutcomeKind.Drawn, pool, position) { Count = 1, Number = number, DrawnAt = drawnAt };

    /// <summary>A run of numbers was drawn. The array is the outcome's from here on.</summary>
    public static DrawOutcome DrawnMany(PoolDefinition pool, long position, long[] numbers, DateTimeOffset drawnAt)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        Debug.Assert(numbers.Length > 0, "A draw takes at least one number.");
        return new(DrawOutcomeKind.Drawn, pool, position, numbers) { Count = numbers.Length, Number = numbers[0], DrawnAt = drawnAt };
    }

    /// <summary>The same numbers, for a draw that asks for them again.</summary>
    public DrawOutcome AsReplayed()
    {
        Debug.Assert(Kind == DrawOutcomeKind.Drawn, "Only what was drawn is given again.");
        return this with { IsReplayed = true };
    }

    /// <summary>Fewer numbers are left than were asked for.</summary>
    public static DrawOutcome Exhausted(PoolDefinition pool, long cursor) => new(DrawOutcomeKind.Exhausted, pool, cursor);

    /// <summary>There is no pool of that name.</summary>
    public static DrawOutcome PoolNotFound => new(DrawOutcomeKind.PoolNotFound);

    /// <summary>The pool was ended for good.</summary>
    public static DrawOutcome PoolClosed(PoolDefinition pool) => new(DrawOutcomeKind.PoolClosed, pool);

    /// <summary>The pool is not ready yet.</summary>
    public static DrawOutcome PoolSeeding(PoolDefinition pool) => new(DrawOutcomeKind.PoolSeeding, pool);

    /// <summary>The key belongs to another request of this caller.</summary>
    public static DrawOutcome KeyConflict => new(DrawOutcomeKind.KeyConflict);

    /// <summary>Too many draws are waiting.</summary>
    public static DrawOutcome QueueFull => new(DrawOutcomeKind.QueueFull);
}
