using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>Stores pools: their permutations, their cursors and their draw logs.</summary>
/// <remarks>
/// The contract. One abstract test suite runs it over every store.
/// <list type="number">
/// <item><description><b>Open first.</b> <see cref="OpenAsync"/> succeeds once, before anything else. It verifies what is stored
/// and throws <see cref="StoreRefusedException"/> when it can't be served: it is not a store of this version; a chunk of a whole
/// pool does not match its checksum; a cursor does not agree with the draw log; the pool that the caller expects has another
/// range. Nothing is changed then. Of large stores it verifies what the next draws rely on; <see cref="VerifyAsync"/> verifies
/// the rest.</description></item>
/// <item><description><b>Recorded first, whole before drawn from.</b> <see cref="CreateAsync"/> records a pool with its seed
/// and commitment: in the state <see cref="PoolState.Seeding"/>, or open if its order is computed. <see cref="SeedAsync"/>
/// stores its permutation and opens it; until then nothing is drawn from it. A recorded pool is never removed: a seeding that
/// failed, was canceled or was interrupted leaves it seeding, with what is stored so far, and the next <see
/// cref="SeedAsync"/>, of any process, continues from there. Two exceptions: an unfinished pool that the caller of <see
/// cref="OpenAsync"/> expects with another range is removed, and so is one whose imported numbers are not all stored, because
/// nobody has them any more. The same holds for the segments that <see cref="ExtendAsync"/> adds,
/// and draws from the pool go on meanwhile.</description></item>
/// <item><description><b>A segment never changes.</b> Its range, permutation, seed and commitment are fixed when it is recorded,
/// and so is its place in the pool. A name belongs to one pool.</description></item>
/// <item><description><b>One batch, one transaction.</b> <see cref="CommitAsync"/> makes all draws of a batch durable together or
/// none. Draws are taken in the order of the batch.</description></item>
/// <item><description><b>Durable before known.</b> When <see cref="CommitAsync"/> returns, every drawn position survives the loss
/// of the process and of the machine's power. Nothing about a drawn number leaves the store earlier.</description></item>
/// <item><description><b>Every position once.</b> The cursor moves from the stored value, never from a remembered one: if another
/// process has moved it, this batch draws behind it or fails. The store must not assume that this process is the only one that
/// draws.</description></item>
/// <item><description><b>All or nothing.</b> A draw takes exactly the positions it asked for, consecutive, or none. The result is
/// a value (<see cref="DrawOutcome"/>), not an exception.</description></item>
/// <item><description><b>The log is the cursor.</b> The rows of a pool's draw log exactly cover the positions 0 to cursor - 1,
/// without gap or overlap, and change in the same transaction as the cursor.</description></item>
/// <item><description><b>Checked before drawn.</b> A position is only drawn from a chunk whose checksum was
/// verified.</description></item>
/// <item><description><b>Failures are distinguished.</b> <see cref="StoreFault.Unavailable"/>: nothing was recorded.
/// <see cref="StoreFault.InDoubt"/>: it may have been. <see cref="StoreFault.Fatal"/>: it may have been, and this store can't be
/// used any more. The number of a failed draw is drawn again only if it was certainly not recorded.</description></item>
/// <item><description><b>A key is one draw.</b> A draw whose key its caller has used before, in this batch or an earlier one,
/// takes nothing. If it has the same pool, count and reference, it returns the same numbers
/// (<see cref="DrawOutcome.IsReplayed"/>), whatever the state of the pool; otherwise it is a
/// <see cref="DrawOutcomeKind.KeyConflict"/>. Key and cursor change in the same transaction. A draw that took nothing leaves its
/// key unused.</description></item>
/// <item><description><b>Closed is permanent.</b> After <see cref="CloseAsync"/> has returned, no batch draws from the pool.
/// </description></item>
/// <item><description><b>The seed is secret</b> until all numbers of its segment are drawn or the pool is closed, and so is every
/// position that is not drawn: no member returns them.</description></item>
/// <item><description><b>Reading does not delay draws</b> by more than a few milliseconds, however long the log or the
/// permutation.</description></item>
/// <item><description><b>Ready means that a draw could be recorded,</b> durably: <see cref="CheckAsync"/> records something
/// that is not a draw.</description></item>
/// </list>
/// Thread-safety: the members other than <see cref="CommitAsync"/> may be called from any thread at any time after opening.
/// <see cref="CommitAsync"/> is called by one queue, one batch at a time.
/// </remarks>
public interface IPoolStore : IAsyncDisposable
{
    /// <summary>Connects to what is stored, verifies it, and makes the store ready for use.</summary>
    /// <param name="expected">
    /// A pool that must have been created with this range if there is one of this name. Null for none.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreRefusedException">
    /// What is stored can't be served. The message is one sentence for the operator.
    /// </exception>
    /// <exception cref="StoreException">
    /// The store can't be reached now, and <see cref="StoreException.IsTransient"/> is true: the caller may try again.
    /// </exception>
    ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellationToken);

    /// <summary>
    /// Checks whether a draw could be recorded now, by recording something else. Costs about as much as a batch.
    /// </summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">A draw could not be recorded.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken);

    /// <summary>Verifies what is stored, while draws go on.</summary>
    /// <param name="everything">
    /// True to verify all pools: checksums, that each permutation is the one of its seed, and that each log covers the positions
    /// before the cursor. False to verify checksums and logs as far as <see cref="OpenAsync"/> has not.
    /// </param>
    /// <param name="progress">Receives how many numbers are verified, on any thread. Null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InsufficientMemoryException">
    /// Less memory is free than the order of a pool needs, 4 bytes a number.
    /// </exception>
    /// <exception cref="StoreException">
    /// Something is damaged, and nothing may be drawn any more: <see cref="StoreFault.Fatal"/>. Or it could not be read.
    /// </exception>
    ValueTask VerifyAsync(bool everything, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a page of the pools in their current state, in the ordinal order of their names. Continuing after the last name of a
    /// page skips and repeats no pool, even while pools are created.
    /// </summary>
    /// <param name="after">Only pools with a name after this one, which need not exist; null for the first page.</param>
    /// <param name="limit">The largest number of pools to return, at least 1.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The page; fewer pools than <paramref name="limit"/> when it is the last one.</returns>
    /// <exception cref="StoreException">The pools could not be read.</exception>
    ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Finds a pool by its name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The pool in its current state; null if there is none.</returns>
    /// <exception cref="StoreException">The pool could not be read.</exception>
    ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Records a pool in the state <see cref="PoolState.Seeding"/>, unless the name is taken. Does not wait for seedings.
    /// </summary>
    /// <param name="definition">The name and the range.</param>
    /// <param name="seed">The seed of the permutation. Secret until the pool is closed or exhausted.</param>
    /// <param name="cancellationToken">Cancels the operation; the pool may have been recorded.</param>
    /// <returns>
    /// The pool that has the name now, possibly with another range or order, and whether this call recorded it.
    /// </returns>
    /// <exception cref="InsufficientMemoryException">
    /// The machine does not have the memory that the shuffle needs, 4 bytes a number. Nothing was recorded.
    /// </exception>
    /// <exception cref="InsufficientDiskException">
    /// The disk does not have room for the permutation, about 4 bytes a number, beside those of the pools that are recorded and
    /// not stored yet. Nothing was recorded. Only stores that can see their disk check it.
    /// </exception>
    /// <exception cref="StoreException">The pool could not be recorded.</exception>
    ValueTask<PoolCreation> CreateAsync(PoolDefinition definition, Seed seed, CancellationToken cancellationToken);

    /// <summary>
    /// Records a pool whose first numbers were handed out elsewhere, and stores these numbers, unless the name is taken. They are
    /// drawn, and have a row of the log with the reference <see cref="Reference.Imported"/>. <see cref="SeedAsync"/> stores the
    /// rest of the order, and opens the pool.
    /// </summary>
    /// <remarks>
    /// Other callers can see the pool as soon as it is recorded. Imports run one at a time; further calls wait. If the import
    /// fails or is canceled, or the process ends, nothing is left of the pool, at the latest after the next <see
    /// cref="OpenAsync"/> and <see cref="SeedAsync"/> of any process.
    /// </remarks>
    /// <param name="definition">The name and the range; the order is stored.</param>
    /// <param name="import">The numbers, at least one, and who imports them.</param>
    /// <param name="seed">The seed of the permutation of the other numbers.</param>
    /// <param name="cancellationToken">Cancels the operation; the import may have been recorded.</param>
    /// <returns>
    /// The pool that has the name now, with all of its imported numbers stored, but possibly with another range or other ones,
    /// and whether this call recorded it.
    /// </returns>
    /// <exception cref="InsufficientMemoryException">
    /// The machine does not have the memory that the shuffle needs, 4 bytes a number. Nothing was recorded.
    /// </exception>
    /// <exception cref="InsufficientDiskException">
    /// The disk does not have room for the permutation. Nothing was recorded.
    /// </exception>
    /// <exception cref="StoreException">The import could not be recorded, or another process imports the pool.</exception>
    ValueTask<PoolCreation> ImportAsync(
        PoolDefinition definition, PoolImport import, Seed seed, CancellationToken cancellationToken);

    /// <summary>Adds a segment to the end of a pool that is open or exhausted. Does not wait for seedings.</summary>
    /// <remarks>
    /// A segment with a computed order is ready at once; one with a stored order after <see cref="SeedAsync"/>, and until then
    /// the pool can't be extended again.
    /// </remarks>
    /// <param name="request">The pool, and its maximum after the extension.</param>
    /// <param name="seed">The seed of the segment.</param>
    /// <param name="cancellationToken">Cancels the operation; the segment may have been recorded.</param>
    /// <returns>How it ended. A refusal is a value, not an exception, and changes nothing.</returns>
    /// <exception cref="InsufficientMemoryException">
    /// The machine does not have the memory that the shuffle needs, 4 bytes a number. Nothing was recorded.
    /// </exception>
    /// <exception cref="InsufficientDiskException">
    /// The disk does not have room for the order, as for <see cref="CreateAsync"/>. Nothing was recorded.
    /// </exception>
    /// <exception cref="StoreException">The segment could not be recorded.</exception>
    ValueTask<PoolExtension> ExtendAsync(ExtensionRequest request, Seed seed, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the permutation of a recorded pool, or of a recorded segment, from where an earlier call stopped, and makes it
    /// ready: the pool is open, or has the new segment. If the pool was closed meanwhile, removes the segment.
    /// </summary>
    /// <remarks>
    /// A store seeds one large and one small pool (up to 1,000,000 numbers) at a time; other calls wait for their turn in the
    /// order in which they arrived.
    /// </remarks>
    /// <param name="name">The name of the pool.</param>
    /// <param name="progress">
    /// Receives how many numbers are stored, from the start of the turn to the size of the segment; called on the seeding thread.
    /// Null for none.
    /// </param>
    /// <param name="cancellationToken">
    /// Stops the seeding; the pool stays in the state seeding, with what is stored so far.
    /// </param>
    /// <returns>
    /// The pool, if this call has stored or removed all that was missing; null, with nothing changed, if nothing is missing, or
    /// if another call or process is seeding the pool.
    /// </returns>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the shuffle needs, 4 bytes a number.</exception>
    /// <exception cref="OperationCanceledException">The seeding was canceled, or the store was disposed.</exception>
    /// <exception cref="StoreException">The permutation could not be stored.</exception>
    ValueTask<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Closes a pool permanently. Idempotent; a pool in the state <see cref="PoolState.Seeding"/> is left as it is. A segment
    /// that is not ready never becomes a part of the pool.
    /// </summary>
    /// <param name="name">The name of the pool.</param>
    /// <param name="cancellationToken">Cancels the operation; the pool may have been closed.</param>
    /// <returns>The pool after the call; null if there is none.</returns>
    /// <exception cref="StoreException">The close could not be recorded.</exception>
    ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Takes a batch of draws in one transaction.</summary>
    /// <param name="requests">The draws, at least one.</param>
    /// <param name="outcomes">
    /// Receives the outcome of each; as long as <paramref name="requests"/>. Undefined if this throws.
    /// </param>
    /// <exception cref="StoreException">The transaction failed; see <see cref="StoreException.Fault"/>.</exception>
    ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes);

    /// <summary>Reads the rows of a pool's draw log, beginning with the one that holds a position.</summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="position">The first position to return.</param>
    /// <param name="limit">The maximum number of rows, at least 1.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The rows by position; none if the position is not drawn.</returns>
    /// <exception cref="StoreException">The log could not be read.</exception>
    ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(string name, long position, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the numbers at consecutive positions that are drawn.</summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="position">The first position.</param>
    /// <param name="numbers">Receives the numbers; all of them must be drawn already.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentOutOfRangeException">Some of the positions are not drawn.</exception>
    /// <exception cref="StoreException">The numbers could not be read.</exception>
    ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the numbers at some positions that are drawn. Costs a chunk for each position at most, however many are drawn.
    /// </summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="positions">The positions, ascending; all of them must be drawn already.</param>
    /// <param name="numbers">Receives the numbers; as long as <paramref name="positions"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentOutOfRangeException">Some of the positions are not drawn.</exception>
    /// <exception cref="StoreException">The numbers could not be read.</exception>
    ValueTask SampleAsync(
        string name, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken);

    /// <summary>Searches the drawn part of a pool's permutation for a number.</summary>
    /// <param name="name">A pool that exists.</param>
    /// <param name="number">The number.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Its position; null if it is not drawn, or not in the pool.</returns>
    /// <exception cref="StoreException">The permutation could not be read.</exception>
    ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken);
}
