using CsCheck;
using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>Generates sequences of operations.</summary>
internal static class Sequences
{
    private const int ChunkLength = 8192;

    private static readonly Gen<string> Pools = Gen.Frequency(
        (6, Gen.Const("a")), (4, Gen.Const("b")), (1, Gen.Const(Operation.Unclosable)), (1, Gen.Const(Operation.Full)));

    private static readonly Gen<DrawRequest> Requests =
        from pool in Pools
        from count in Gen.Frequency(
            (4, Gen.Const(1)), (4, Gen.Int[2, 5]), (2, Gen.Int[1, 70]), (1, Gen.Int[ChunkLength - 5, ChunkLength + 5]))
        from reference in Gen.OneOf(null, null, null, null, null, "r", "r", "r", Operation.Full)
        from key in Gen.OneOf(null, null, null, null, null, "k1", "k2", "k3", "k4")
        from caller in Gen.OneOf(null, "ann")
        select new DrawRequest(pool, count, reference, key, caller);

    private static readonly Gen<Operation.Create> Creations =
        from pool in Pools
        from minimum in Gen.OneOf(1, -3, long.MinValue, long.MaxValue)
        from size in Gen.Frequency(
            (2, Gen.Const(1)), (4, Gen.Int[2, 12]), (4, Gen.Int[13, 80]), (1, Gen.Int[ChunkLength - 1, ChunkLength + 9]))
        from isSeeded in Gen.Frequency((5, Gen.Const(true)), (1, Gen.Const(false)))
        select new Operation.Create(pool, Math.Min(minimum, long.MaxValue - size), size, isSeeded);

    private static readonly Gen<Operation> Records =
        from create in Creations
        from step in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 9]))
        select step == 0
            ? (Operation)create
            : new Operation.Import(create.Pool, create.Minimum, create.Size, step, create.IsSeeded);

    private static readonly Gen<Operation> Extensions =
        from pool in Gen.OneOf("a", "a", "a", "b", "b", "none")
        from size in Gen.Frequency((5, Gen.Int[1, 40]), (1, Gen.Int[ChunkLength - 1, ChunkLength + 9]), (1, Gen.Const(0)))
        from isSeeded in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        select (Operation)new Operation.Extend(pool, size, isSeeded);

    private static readonly Gen<Operation> Retries =
        from which in Gen.Int[0, 9]
        from change in Gen.Enum<Operation.Difference>()
        select (Operation)new Operation.Retry(which, change);

    /// <summary>Sequences of operations, of which the first creates a pool.</summary>
    public static Gen<Operation[]> All { get; } = Gen.Select(
        Records,
        Gen.Frequency(
            (2, Records),
            (6, Requests.Select(request => (Operation)new Operation.Draw(request))),
            (4, Requests.Array[2, 6].Select(requests => (Operation)new Operation.Draw(requests))),
            (3, Retries),
            (2, Extensions),
            (1, Pools.Select(pool => (Operation)new Operation.Close(pool))),
            (3, Gen.Int[1, 1500].Select(milliseconds => (Operation)new Operation.Wait(milliseconds))),
            (2, Gen.Bool.Select(isKilled => (Operation)new Operation.Restart(isKilled))),
            (1, Gen.Const<Operation>(new Operation.KeepCopy())),
            (1, Gen.Bool.Select(isKilled => (Operation)new Operation.Restore(isKilled))),
            (1, Gen.Const<Operation>(new Operation.Verify()))).Array[0, 30],
        (first, others) => (Operation[])[first, .. others]);
}
