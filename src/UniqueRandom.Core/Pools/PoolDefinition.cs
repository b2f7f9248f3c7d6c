namespace UniqueRandom.Pools;

/// <summary>The name and the range of a pool, which never change.</summary>
/// <param name="Name">The name, compared ordinally. See <see cref="PoolName"/>.</param>
/// <param name="Range">The numbers of the pool.</param>
public sealed record PoolDefinition(string Name, PoolRange Range);
