using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

public sealed partial class UniqueRandomClient
{
    /// <summary>The name of the pool that every server has.</summary>
    public const string DefaultPool = "default";

    private const string KeyHeader = "Idempotency-Key";

    /// <summary>Draws numbers with a new random idempotency key.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="count">How many numbers to draw, 1 to 10,000.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. The draw may be recorded then, and its numbers are lost: nobody else gets them.
    /// </param>
    /// <returns>The draw, with exactly <paramref name="count"/> numbers.</returns>
    /// <exception cref="UniqueRandomException">
    /// The server refused the draw, for example with <see cref="ProblemTypes.PoolExhausted"/>. Nothing was drawn, unless
    /// <see cref="UniqueRandomException.IdempotencyKey"/> says otherwise.
    /// </exception>
    public Task<Draw> DrawAsync(string pool, int count, CancellationToken cancellationToken) =>
        DrawAsync(pool, count, null, null, cancellationToken);

    /// <summary>Draws numbers with the idempotency key of the caller, or draws nothing if the key was used before.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="count">How many numbers to draw, 1 to 10,000.</param>
    /// <param name="idempotencyKey">
    /// Identifies the draw, 1 to 255 visible ASCII characters. A caller that has stored it before the call can repeat the call
    /// with the same arguments, also after a crash, and gets the same numbers. The default is a new random key.
    /// </param>
    /// <param name="reference">
    /// A label that the draw log stores, 1 to 255 UTF-16 code units without control characters, other than
    /// <c>skipped-after-restore</c> and <c>imported</c>. The default is none.
    /// </param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. Repeat the call with the same key to find out what was drawn.
    /// </param>
    /// <returns>The draw, with exactly <paramref name="count"/> numbers.</returns>
    /// <exception cref="UniqueRandomException">
    /// The server refused the draw, for example with <see cref="ProblemTypes.PoolExhausted"/>, or with
    /// <see cref="ProblemTypes.KeyConflict"/> because the key belongs to another draw. Nothing was drawn, unless
    /// <see cref="UniqueRandomException.IdempotencyKey"/> says otherwise.
    /// </exception>
    public Task<Draw> DrawAsync(
        string pool,
        int count,
        string? idempotencyKey = null,
        string? reference = null,
        CancellationToken cancellationToken = default)
    {
        var request = NewKeyedRequest(HttpMethod.Post, $"{Arguments.PathOf(pool)}/draws", idempotencyKey);
        request.Content = BodyOf(new DrawRequest(count, Arguments.Reference(reference)), ClientJson.Default.DrawRequest);
        return SendAsync(request, ClientJson.Default.Draw, cancellationToken);
    }

    /// <summary>Draws one number.</summary>
    /// <param name="pool">The name of the pool. The default is <see cref="DefaultPool"/>.</param>
    /// <param name="idempotencyKey">
    /// Identifies the draw, 1 to 255 visible ASCII characters; see
    /// <see cref="DrawAsync(string, int, string?, string?, CancellationToken)"/>. The default is a new random key.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The number.</returns>
    /// <exception cref="UniqueRandomException">
    /// The server refused the draw. Nothing was drawn, unless <see cref="UniqueRandomException.IdempotencyKey"/> says otherwise.
    /// </exception>
    public async Task<long> DrawOneAsync(
        string pool = DefaultPool, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var request = NewKeyedRequest(HttpMethod.Get, $"{Arguments.PathOf(pool)}/random", idempotencyKey);
        return (await SendAsync(request, ClientJson.Default.DrawnNumber, cancellationToken).ConfigureAwait(false)).Number;
    }

    private HttpRequestMessage NewKeyedRequest(HttpMethod method, string path, string? idempotencyKey)
    {
        var key = idempotencyKey is null ? Guid.NewGuid().ToString() : Arguments.Key(idempotencyKey);
        var request = NewRequest(method, path);
        request.Headers.Add(KeyHeader, key);
        return request;
    }

    /// <summary>Gets the idempotency key of a request; null if it has none.</summary>
    private static string? KeyOf(HttpRequestMessage request) =>
        request.Headers.TryGetValues(KeyHeader, out var keys) ? keys.Single() : null;
}
