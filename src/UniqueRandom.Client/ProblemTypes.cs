namespace UniqueRandom.Client;

/// <summary>The values of <see cref="UniqueRandomException.Type"/>. They are stable.</summary>
public static class ProblemTypes
{
    /// <summary>The server has no directory for backups, or no SQLite database.</summary>
    public const string BackupNotConfigured = Prefix + "backup-not-configured";

    /// <summary>The address of the request is not one that the server understands.</summary>
    public const string BadRequest = Prefix + "bad-request";

    /// <summary>The body of the request is too large.</summary>
    public const string BodyTooLarge = Prefix + "body-too-large";

    /// <summary>The pool can't have the code: it was mistyped.</summary>
    public const string CodeMistyped = Prefix + "code-mistyped";

    /// <summary>A browser sent the request for a page of another site.</summary>
    public const string CrossSite = Prefix + "cross-site";

    /// <summary>
    /// The store failed while it recorded the request. A client that doesn't retry it repeats the call with the same key.
    /// </summary>
    public const string DrawInDoubt = Prefix + "draw-in-doubt";

    /// <summary>The access key does not have the role in <c>role</c>.</summary>
    public const string Forbidden = Prefix + "forbidden";

    /// <summary>The server does not serve the host name in the base address.</summary>
    public const string HostNotAllowed = Prefix + "host-not-allowed";

    /// <summary>The server imports into another pool at the moment. The client retries the request.</summary>
    public const string ImportRunning = Prefix + "import-running";

    /// <summary>The server failed. Its log has the reason. The request may have been executed, also a draw.</summary>
    public const string InternalError = Prefix + "internal-error";

    /// <summary>The argument that <c>field</c> names is not valid.</summary>
    public const string InvalidRequest = Prefix + "invalid-request";

    /// <summary>The idempotency key was used for another draw, or another extension.</summary>
    public const string KeyConflict = Prefix + "key-conflict";

    /// <summary>The route does not allow the method.</summary>
    public const string MethodNotAllowed = Prefix + "method-not-allowed";

    /// <summary>The pool was created without codes.</summary>
    public const string NoCodes = Prefix + "no-codes";

    /// <summary>The server has no such route.</summary>
    public const string NotFound = Prefix + "not-found";

    /// <summary>The number is outside of the range of the pool, <c>minimum</c> to <c>maximum</c>.</summary>
    public const string NumberNotFound = Prefix + "number-not-found";

    /// <summary>The disk of the database has no room for the pool.</summary>
    public const string OutOfDisk = Prefix + "out-of-disk";

    /// <summary>The memory that creating the pool takes is not free.</summary>
    public const string OutOfMemory = Prefix + "out-of-memory";

    /// <summary>The pool is closed permanently.</summary>
    public const string PoolClosed = Prefix + "pool-closed";

    /// <summary>The pool has fewer numbers left than requested: <c>remaining</c> of <c>size</c>.</summary>
    public const string PoolExhausted = Prefix + "pool-exhausted";

    /// <summary>
    /// There is a pool of this name with another definition: <c>minimum</c> to <c>maximum</c>, <c>order</c>, codes, and imported
    /// numbers.
    /// </summary>
    public const string PoolExists = Prefix + "pool-exists";

    /// <summary>The segment of an earlier extension of the pool, up to <c>maximum</c>, is being stored.</summary>
    public const string PoolExtending = Prefix + "pool-extending";

    /// <summary>There is no pool of this name.</summary>
    public const string PoolNotFound = Prefix + "pool-not-found";

    /// <summary>The pool is being seeded. The client retries the request.</summary>
    public const string PoolSeeding = Prefix + "pool-seeding";

    /// <summary>Too many draws are waiting for the store. The client retries the request.</summary>
    public const string QueueFull = Prefix + "queue-full";

    /// <summary>The server is starting. The client retries the request.</summary>
    public const string Starting = Prefix + "starting";

    /// <summary>The store is unavailable. The client retries the request.</summary>
    public const string StoreUnavailable = Prefix + "store-unavailable";

    /// <summary>Too many requests without a valid access key came from the address of the client.</summary>
    public const string TooManyFailures = Prefix + "too-many-failures";

    /// <summary>The access key has reached its rate limit. The client retries the request.</summary>
    public const string TooManyRequests = Prefix + "too-many-requests";

    /// <summary>
    /// The access key, or the address of the client, has looked up too many wrong codes. The client does not retry the request.
    /// </summary>
    public const string TooManyWrongCodes = Prefix + "too-many-wrong-codes";

    /// <summary>The server requires a valid access key.</summary>
    public const string Unauthorized = Prefix + "unauthorized";

    /// <summary>The body of the request is not JSON in UTF-8.</summary>
    public const string UnsupportedMediaType = Prefix + "unsupported-media-type";

    internal const string Prefix = "urn:uniquerandom:problem:";
}
