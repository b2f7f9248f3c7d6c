using UniqueRandom.Draws;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>Where pools live: their permutations, their cursors and their draw logs.</summary>
/// <remarks>
/// The contract. One abstract test suite runs it over every store.
/// <list type="number">
/// <item><description><b>Open first.</b> <see cref="OpenAsync"/> succeeds once, before anything else. It verifies what is stored
/// and refuses (<see cref="StoreRefusedException"/>) rather than serve from it when: it is not a store of this version; a chunk
/// that is still to be drawn does not match its checksum; a cursor does not agree with the draw log; a pool that the caller relies on has
/// another range. Nothing is changed then.</description></item>
/// <item><description><b>Whole pools only.</b> A pool is visible with its whole permutation, or not at all. A creation that
/// crashed or failed leaves no pool, and the name can be created again.</description></item>
/// <item><description><b>A pool never changes.</b> Name, range, permutation, seed and commitment are fixed at creation.</description></item>
/// <item><description><b>One batch, one transaction.</b> <see cref="CommitAsync"/> makes all draws of a batch durable together or none.
/// Draws are taken in the order of the batch.</description></item>
/// <item><description><b>Durable before known.</b> When <see cref="CommitAsync"/> returns, every drawn position survives the loss of
/// the process and of the machine's power. Nothing about a drawn number leaves the store earlier.</description></item>
/// <item><description><b>Every position once.</b> The cursor moves from the value that is stored, never from one remembered: if another
/// process moved it meanwhile, this batch draws behind it or fails. The store must not assume that this process is the only one
/// that draws.</description></item>
/// <item><description><b>All or nothing.</b> A draw takes exactly the positions it asked for, consecutive, or none. What became of it is
/// a value (<see cref="DrawOutcome"/>), not an exception.</description></item>
/// <item><description><b>The log is the cursor.</b> The rows of a pool's draw log exactly cover the positions 0 to cursor - 1, without
/// gap or overlap, and change in the same transaction as the cursor.</description></item>
/// <item><description><b>Checked before drawn.</b> A position is only drawn from a chunk whose checksum was verified.</description></item>
/// <item><description><b>Failures are told apart.</b> <see cref="StoreFault.Unavailable"/>: nothing of the batch was recorded.
/// <see cref="StoreFault.InDoubt"/>: it may have been. <see cref="StoreFault.Fatal"/>: it may have been, and this store can't be used
/// any further. No failed draw's number is ever handed to anybody else unless it was certainly not recorded.</description></item>
/// </list>
/// Thread-safety: the members other than <see cref="CommitAsync"/> may be called from any thread at any time after opening.
/// <see cref="CommitAsync"/> is called by one <see cref="DrawQueue"/>, one batch at a time.
/// </remarks>
public interface IPoolStore : IAsyncDisposable
{
    /// <summary>Connects to what is stored, verifies it, and makes the store ready for use.</summary>
    /// <param name="expected">A pool that the caller relies on: if there is one of this name, it must have this range. Null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreRefusedException">It can't be served from. The message is one sentence for the operator.</exception>
    ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellation);

    /// <summary>The pool of a name as it stands now, or null when there is none.</summary>
    ValueTask<Pool?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Creates a pool: shuffles the permutation of <paramref name="seed"/> and stores it.</summary>
    /// <param name="definition">Name and range.</param>
    /// <param name="seed">The seed of the permutation. It stays in the store, secret until the pool has ended.</param>
    /// <param name="progress">Hears how many numbers are stored, 0 to the size of the range; called on the seeding thread.</param>
    /// <param name="cancellation">Stops the seeding; no pool is left.</param>
    /// <returns>The pool, open for draws; or null, with nothing changed, when the name is taken.</returns>
    /// <exception cref="InsufficientMemoryException">There is less free memory than the shuffle needs (4 bytes a number).</exception>
    /// <exception cref="StoreException">It could not be stored.</exception>
    ValueTask<Pool?> CreateAsync(PoolDefinition definition, Seed seed, IProgress<int>? progress, CancellationToken cancellation);

    /// <summary>Takes a batch of draws in one transaction.</summary>
    /// <param name="requests">The draws, at least one.</param>
    /// <param name="outcomes">Receives what became of each; as long as <paramref name="requests"/>. Meaningless if this throws.</param>
    /// <exception cref="StoreException">The transaction failed; <see cref="StoreException.Fault"/> says what is known of it.</exception>
    ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes);
}
