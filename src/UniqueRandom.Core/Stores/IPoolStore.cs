using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>Where pools live: their permutations, their cursors and their draw logs.</summary>
/// <remarks>
/// The contract. One abstract test suite runs it over every store.
/// <list type="number">
/// <item><description><b>Open first.</b> <see cref="OpenAsync"/> succeeds once, before anything else. It verifies what is stored
/// and refuses (<see cref="StoreRefusedException"/>) rather than serve from it when: it is not a store of this version; a chunk
/// of a whole pool does not match its checksum; a cursor does not agree with the draw log; a pool that the caller relies on has
/// another range. Nothing is changed then.</description></item>
/// <item><description><b>Whole pools only.</b> A pool is drawn from with its whole permutation, or not at all: until then it is in the
/// state <see cref="PoolState.Seeding"/>. A creation that failed or was cancelled leaves no pool, and the name can be created again. One that
/// was cut off, by a crash, by the end of the store, or by a disk too full even to remove it, leaves the pool seeding, with its seed and commitment: to create the same pool again
/// finishes it, and if that fails it is left as it was. Only the pool that the caller relies on is forgotten at <see cref="OpenAsync"/> if it is unfinished and has another
/// range.</description></item>
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
/// <item><description><b>A key is one draw.</b> A draw with a key that its caller has used before, in this batch or any earlier one, takes
/// nothing: if it asks like the first, it is given the same numbers (<see cref="DrawOutcome.IsReplayed"/>), whatever has become of the pool since;
/// otherwise it is a <see cref="DrawOutcomeKind.KeyConflict"/>. Key and cursor change in the same transaction. A draw that took nothing leaves
/// its key unused.</description></item>
/// <item><description><b>Closed is for ever.</b> Once <see cref="CloseAsync"/> has returned, no batch draws from the pool.</description></item>
/// <item><description><b>The seed is secret</b> until the pool is closed or exhausted, and so is every position that is not drawn: no member
/// tells them.</description></item>
/// <item><description><b>Reading never holds up draws</b> for longer than a few milliseconds, however long the log or the
/// permutation.</description></item>
/// <item><description><b>Ready means that a draw could be recorded,</b> as durably as any: <see cref="CheckAsync"/> finds out by doing so, with
/// something that is no draw.</description></item>
/// </list>
/// Thread-safety: the members other than <see cref="CommitAsync"/> may be called from any thread at any time after opening.
/// <see cref="CommitAsync"/> is called by one queue, one batch at a time.
/// </remarks>
public interface IPoolStore : IAsyncDisposable
{
    /// <summary>Connects to what is stored, verifies it, and makes the store ready for use.</summary>
    /// <param name="expected">A pool that the caller relies on: if there is one of this name, it must have this range. Null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreRefusedException">It can't be served from. The message is one sentence for the operator.</exception>
    /// <exception cref="StoreException">
    /// It can't be reached now, and <see cref="StoreException.IsTransient"/> is true: the caller may try again.
    /// </exception>
    ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellationToken);

    /// <summary>Finds out whether a draw could be recorded now, by recording something that means nothing. Costs about as much as a batch.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">It could not.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken);

    /// <summary>All pools as they stand now, by name.</summary>
    ValueTask<IReadOnlyList<Pool>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The pool of a name as it stands now, or null when there is none.</summary>
    ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Creates a pool: shuffles the permutation of <paramref name="seed"/> and stores it; or finishes one whose creation was cut off.</summary>
    /// <param name="definition">Name and range.</param>
    /// <param name="seed">
    /// The seed of the permutation. It stays in the store, secret until the pool has ended. A creation that is finished goes on with its own.
    /// </param>
    /// <param name="progress">Hears how many numbers are stored, 0 to the size of the range; called on the seeding thread.</param>
    /// <param name="cancellationToken">Stops the seeding; no pool is left.</param>
    /// <returns>The pool, open for draws; or null, with nothing changed, when the name is taken.</returns>
    /// <exception cref="InsufficientMemoryException">There is less free memory than the shuffle needs (4 bytes a number).</exception>
    /// <exception cref="OperationCanceledException">The creation was cancelled, or the store was disposed.</exception>
    /// <exception cref="StoreException">It could not be stored.</exception>
    ValueTask<Pool?> CreateAsync(PoolDefinition definition, Seed seed, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Ends a pool for good. Idempotent; a pool that is still <see cref="PoolState.Seeding"/> is left as it is.</summary>
    /// <returns>The pool as it stands then, or null when there is none of the name.</returns>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Takes a batch of draws in one transaction.</summary>
    /// <param name="requests">The draws, at least one.</param>
    /// <param name="outcomes">Receives what became of each; as long as <paramref name="requests"/>. Meaningless if this throws.</param>
    /// <exception cref="StoreException">The transaction failed; <see cref="StoreException.Fault"/> says what is known of it.</exception>
    ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes);

    /// <summary>Reads the rows of a pool's draw log, from the one that holds a position on.</summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="limit">The most rows to return, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The rows by position; none when the position is not drawn.</returns>
    /// <exception cref="StoreException">It could not be read.</exception>
    ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(string name, long position, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the numbers at consecutive positions that are drawn.</summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="position">The first position.</param>
    /// <param name="numbers">Receives the numbers; all of them must be drawn already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">Some of the positions are not drawn.</exception>
    /// <exception cref="StoreException">They could not be read.</exception>
    ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken);

    /// <summary>Searches the drawn part of a pool's permutation for a number.</summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="number">The number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its position; null when it is not drawn, or not in the pool.</returns>
    /// <exception cref="StoreException">The permutation could not be read.</exception>
    ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken);
}
