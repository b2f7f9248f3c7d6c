using System.Runtime.CompilerServices;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

// The overloads of CreatePoolAsync have different required parameters, so no call is ambiguous.
#pragma warning disable RS0026

public sealed partial class UniqueRandomClient
{
    /// <summary>
    /// Creates a pool without codes, or gets it if it exists with the same range. Its order is a stored shuffle.
    /// </summary>
    /// <param name="pool">The name of the pool, 1 to 64 characters of a-z, 0-9, - and _.</param>
    /// <param name="minimum">The smallest number.</param>
    /// <param name="maximum">The largest number. A pool has 1 to 2,147,483,647 numbers.</param>
    /// <param name="cancellationToken">A token to cancel the operation. The pool may be created then.</param>
    /// <returns>
    /// The status of the pool. A large one is in the state <see cref="PoolState.Seeding"/>; a draw waits until it is open.
    /// </returns>
    /// <exception cref="UniqueRandomException">
    /// The pool was not created, for example with <see cref="ProblemTypes.PoolExists"/> because it has another definition.
    /// </exception>
    public Task<PoolStatus> CreatePoolAsync(
        string pool, long minimum, long maximum, CancellationToken cancellationToken = default) =>
        CreatePoolAsync(pool, new PoolDefinition { Minimum = minimum, Maximum = maximum }, cancellationToken);

    /// <summary>Creates a pool, or gets it if it exists with the same definition.</summary>
    /// <param name="pool">The name of the pool, 1 to 64 characters of a-z, 0-9, - and _.</param>
    /// <param name="definition">The range, the kind of order, and the format of the codes.</param>
    /// <param name="cancellationToken">A token to cancel the operation. The pool may be created then.</param>
    /// <returns>
    /// The status of the pool. One with a computed order is open at once; a large one with a stored order is in the state
    /// <see cref="PoolState.Seeding"/>, and a draw waits until it is open.
    /// </returns>
    /// <exception cref="UniqueRandomException">
    /// The pool was not created, for example with <see cref="ProblemTypes.PoolExists"/> because it has another definition.
    /// </exception>
    public Task<PoolStatus> CreatePoolAsync(
        string pool, PoolDefinition definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var request = NewRequest(HttpMethod.Put, Arguments.PathOf(pool));
        request.Content = BodyOf(PoolRequest.Of(definition), ClientJson.Default.PoolRequest);
        return SendAsync(request, ClientJson.Default.PoolStatus, cancellationToken);
    }

    /// <summary>
    /// Creates a pool that takes over numbers that were handed out elsewhere, or gets it if it exists with the same definition
    /// and the same numbers. They count as drawn, with the reference <c>imported</c>, and are never handed out again.
    /// </summary>
    /// <param name="pool">The name of the pool, 1 to 64 characters of a-z, 0-9, - and _.</param>
    /// <param name="definition">The range, and the format of the codes. The order must be stored.</param>
    /// <param name="imported">
    /// The numbers, 1 to 50,000,000 in any order, each once. They are enumerated while they are sent, again for each attempt, and
    /// must be the same each time.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation. The pool may be created then.</param>
    /// <returns>
    /// The status of the pool. A large one is in the state <see cref="PoolState.Seeding"/>; a draw waits until it is open.
    /// </returns>
    /// <exception cref="UniqueRandomException">
    /// The pool was not created, for example with <see cref="ProblemTypes.InvalidRequest"/> because a number is not in the range
    /// or occurs twice; <c>line</c> says where, and 1 is the line of the definition.
    /// </exception>
    public Task<PoolStatus> CreatePoolAsync(
        string pool, PoolDefinition definition, IEnumerable<long> imported, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(imported);
        var request = NewRequest(HttpMethod.Put, Arguments.PathOf(pool));
        request.Content = new ImportContent(definition, imported);
        // A server that refuses the request says so before the numbers are sent.
        request.Headers.ExpectContinue = true;
        request.Options.Set(Attempts.IsLong, true);
        return SendAsync(request, ClientJson.Default.PoolStatus, cancellationToken);
    }

    /// <summary>
    /// Adds a segment to the end of an open or exhausted pool. Draws go on meanwhile. Changes nothing if the key was used
    /// before.
    /// </summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="maximum">The largest number of the pool after the extension, above the current one.</param>
    /// <param name="order">Whether the order of the segment is stored or computed. The default is that of the pool.</param>
    /// <param name="idempotencyKey">
    /// Identifies the extension, 1 to 255 visible ASCII characters; independent of the keys of draws. A caller that has stored it
    /// before the call can repeat the call with the same arguments, also after a crash. The default is a new random key.
    /// </param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. Repeat the call with the same key to find out whether the pool was extended.
    /// </param>
    /// <returns>
    /// The status of the pool. While a large segment is being stored, the last of <see cref="PoolStatus.Segments"/> is not ready,
    /// and the pool keeps its previous size.
    /// </returns>
    /// <exception cref="UniqueRandomException">
    /// The pool was not extended, for example with <see cref="ProblemTypes.PoolExtending"/> because an earlier segment is
    /// being stored.
    /// </exception>
    public Task<PoolStatus> ExtendPoolAsync(
        string pool,
        long maximum,
        PoolOrder? order = null,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        var request = NewKeyedRequest(HttpMethod.Post, $"{Arguments.PathOf(pool)}/extend", idempotencyKey);
        request.Content = BodyOf(
            new ExtensionRequest(maximum, OrderNames.Of(order, nameof(order))), ClientJson.Default.ExtensionRequest);
        return SendAsync(request, ClientJson.Default.PoolStatus, cancellationToken);
    }

    /// <summary>Closes a pool permanently and reveals its seed. Changes nothing if it is closed.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="cancellationToken">A token to cancel the operation. The pool may be closed then.</param>
    /// <returns>The status of the pool.</returns>
    /// <exception cref="UniqueRandomException">The pool was not closed.</exception>
    public Task<PoolStatus> ClosePoolAsync(string pool, CancellationToken cancellationToken = default) =>
        SendAsync(
            NewRequest(HttpMethod.Post, $"{Arguments.PathOf(pool)}/close"), ClientJson.Default.PoolStatus, cancellationToken);

    /// <summary>Gets the status of a pool.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The status of the pool.</returns>
    /// <exception cref="UniqueRandomException">There is no such pool, or the request was refused.</exception>
    public Task<PoolStatus> GetPoolAsync(string pool, CancellationToken cancellationToken = default) =>
        GetAsync(Arguments.PathOf(pool), ClientJson.Default.PoolStatus, cancellationToken);

    /// <summary>Gets all pools, ordered by name, page by page.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The status of each pool. Pools that are created meanwhile may be missing.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public async IAsyncEnumerable<PoolStatus> GetPoolsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var query = ""; ;)
        {
            var page = await GetAsync($"pools{query}", ClientJson.Default.PoolPage, cancellationToken).ConfigureAwait(false);
            foreach (var pool in page.Pools)
                yield return pool;
            if (page.Next is null)
                yield break;
            query = $"?after={page.Next}";
        }
    }
}
