using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Problems;

/// <summary>The errors a client can meet, as RFC 9457 problems. The last part of <c>type</c> is stable; each says what to do.</summary>
internal static class Problem
{
    private const string TypePrefix = "urn:uniquerandom:problem:";

    /// <summary>After how many seconds it is worth to try again what could not be done now.</summary>
    private const string RetryAfter = "1";

    /// <summary>Answers a request with a problem, which must not be stored, and with when to try again if that can help.</summary>
    public static Task SendAsync(this ProblemHttpResult problem, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = RetryAfter;
        return problem.ExecuteAsync(context);
    }

    public static ProblemHttpResult Invalid(string field, string rule) => Create(
        StatusCodes.Status400BadRequest,
        "invalid-request",
        "The request breaks a rule",
        $"{rule} Nothing was changed or drawn.",
        ("field", field));

    public static ProblemHttpResult PoolExhausted(string pool, long size, long remaining) => Create(
        StatusCodes.Status409Conflict,
        "pool-exhausted",
        "The pool is exhausted",
        $"The pool '{pool}' has {remaining} of its {size} numbers left, fewer than were asked for. Nothing was drawn; draw from another pool.",
        ("pool", pool),
        ("size", size),
        ("remaining", remaining));

    public static ProblemHttpResult PoolNotFound(string pool) => Create(
        StatusCodes.Status404NotFound,
        "pool-not-found",
        "There is no such pool",
        $"There is no pool '{pool}'. Check its name.",
        ("pool", pool));

    public static ProblemHttpResult PoolClosed(string pool) => Create(
        StatusCodes.Status409Conflict,
        "pool-closed",
        "The pool is closed",
        $"The pool '{pool}' was ended for good. Draw from another pool.",
        ("pool", pool));

    public static ProblemHttpResult PoolExists(PoolDefinition existing) => Create(
        StatusCodes.Status409Conflict,
        "pool-exists",
        "The pool exists with another range",
        $"There is a pool '{existing.Name}' with the numbers {existing.Range}. A pool never changes; choose another name.",
        ("pool", existing.Name),
        ("minimum", existing.Range.Minimum),
        ("maximum", existing.Range.Maximum));

    public static ProblemHttpResult PoolSeeding(string pool) => Create(
        StatusCodes.Status503ServiceUnavailable,
        "pool-seeding",
        "The pool is not ready yet",
        $"The permutation of the pool '{pool}' is being stored; GET /pools/{pool} tells how far it is. Try again after the time in Retry-After.",
        ("pool", pool));

    public static ProblemHttpResult NumberNotFound(PoolDefinition pool, long number) => Create(
        StatusCodes.Status404NotFound,
        "number-not-found",
        "The pool has no such number",
        $"{number} is not among the numbers {pool.Range} of the pool '{pool.Name}'.",
        ("pool", pool.Name),
        ("minimum", pool.Range.Minimum),
        ("maximum", pool.Range.Maximum));

    public static ProblemHttpResult KeyConflict() => Create(
        StatusCodes.Status422UnprocessableEntity,
        "key-conflict",
        "The key belongs to another request",
        "The Idempotency-Key was used for another pool, count or reference. Nothing was drawn; send the first request again for its numbers, or a new key for new ones.");

    public static ProblemHttpResult OutOfMemory(string reason) => Create(
        StatusCodes.Status503ServiceUnavailable,
        "out-of-memory",
        "The pool is too large for the free memory",
        reason);

    public static ProblemHttpResult OutOfDisk(string reason) => Create(
        StatusCodes.Status503ServiceUnavailable,
        "out-of-disk",
        "The pool is too large for the free disk space",
        reason);

    public static ProblemHttpResult QueueFull() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "queue-full",
        "Too many draws are waiting",
        "Nothing was drawn. Try again after the time in Retry-After.");

    public static ProblemHttpResult StoreUnavailable() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "store-unavailable",
        "The store can't record anything now",
        "Nothing was changed or drawn. Try again after the time in Retry-After; the operator finds the reason in the log.");

    public static ProblemHttpResult Starting() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "starting",
        "The server is starting",
        "The pools are being opened, or seeded for the first time. Try again after the time in Retry-After.");

    public static ProblemHttpResult InDoubt() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "draw-in-doubt",
        "The request may have been recorded",
        "The store failed while it recorded the request. Numbers that were drawn are never handed to anybody else. "
        + "Send the request again: with the same Idempotency-Key it is told what was drawn, without one it draws others.");

    public static ProblemHttpResult Forbidden(string caller, string role) => Create(
        StatusCodes.Status403Forbidden,
        "forbidden",
        "The key may not do this",
        $"The key '{caller}' does not have the role '{role}'. Bring one that has it.",
        ("role", role));

    /// <summary>The problem of a status that was set without a body.</summary>
    public static ProblemHttpResult OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Create(status, "unauthorized", "A key is needed", "Bring one that this server knows in the header Authorization: Bearer <key>."),
        StatusCodes.Status403Forbidden => Create(status, "forbidden", "This may not be done", "The routes and what they take are described at /docs."),
        StatusCodes.Status404NotFound => Create(status, "not-found", "There is nothing here", "The routes are listed at /docs."),
        StatusCodes.Status405MethodNotAllowed => Create(status, "method-not-allowed", "This method is not allowed here", "The header Allow lists the methods that are."),
        StatusCodes.Status413PayloadTooLarge => Create(status, "body-too-large", "The body is too large", $"A body has at most {HttpLimits.MaximumBodyLength} bytes."),
        StatusCodes.Status415UnsupportedMediaType => Create(status, "unsupported-media-type", "This kind of body is not understood", "Send it as UTF-8 with the header Content-Type: application/json."),
        StatusCodes.Status429TooManyRequests => Create(status, "too-many-requests", "The key makes too many requests", "Nothing was done. Try again after the time in Retry-After."),
        >= 500 => Create(status, "internal-error", "The server failed", "The operator finds the reason in the log."),
        _ => Create(status, "bad-request", "The request can't be understood", "The routes and what they take are described at /docs."),
    };

    private static ProblemHttpResult Create(int status, string type, string title, string detail, params ReadOnlySpan<(string Name, object Value)> members)
    {
        var extensions = new Dictionary<string, object?>();
        foreach (var (name, value) in members)
            extensions.Add(name, value);
        return TypedResults.Problem(detail, statusCode: status, title: title, type: TypePrefix + type, extensions: extensions);
    }
}
