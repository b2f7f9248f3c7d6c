namespace UniqueRandom.Pools;

/// <summary>What a pool is from its creation on and never changes: its name and its range. Immutable, so one instance serves every draw.</summary>
/// <param name="Name">The name that draws ask for. Compared ordinally.</param>
/// <param name="Range">The numbers of the pool.</param>
public sealed record PoolDefinition(string Name, PoolRange Range);
