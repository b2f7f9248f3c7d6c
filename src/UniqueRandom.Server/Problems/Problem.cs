using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Problems;

/// <summary>The errors of the API, as RFC 9457 problems. <c>type</c> is stable; <c>detail</c> says what to do.</summary>
internal static class Problem
{
    /// <summary>The type of <see cref="Starting"/>.</summary>
    public const string StartingType = "starting";

    private const string TypePrefix = "urn:uniquerandom:problem:";

    private const string BodyTooLargeType = "body-too-large";

    private const string OutOfDiskType = "out-of-disk";

    private const string OutOfMemoryType = "out-of-memory";

    /// <summary>The header Retry-After of a 503, in seconds.</summary>
    private const string RetryAfter = "1";

    private const string Retry = "Retry in a second.";

    /// <summary>
    /// Logs the problem, and sends it as the response. No cache may store it, and a 503 says when to retry.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="context">The request.</param>
    /// <param name="reason">The reason for the log; null for the detail of the problem.</param>
    public static Task SendAsync(this ProblemHttpResult problem, HttpContext context, string? reason = null)
    {
        context.RequestServices.GetRequiredService<RefusalLog>().LogRequest(context.Request, problem, reason);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable && !NeedsOperator(problem))
            context.Response.Headers.RetryAfter = RetryAfter;
        return problem.ExecuteAsync(context);
    }

    /// <summary>Gets the type without the prefix that all types have.</summary>
    public static string TypeOf(ProblemHttpResult problem) => problem.ProblemDetails.Type![TypePrefix.Length..];

    public static ProblemHttpResult Invalid(string field, string rule) => Create(
        StatusCodes.Status400BadRequest,
        "invalid-request",
        "The request is not valid",
        $"{rule} Nothing was changed or drawn.",
        ("field", field));

    /// <param name="line">The 1-based number of the line.</param>
    /// <param name="rule">What is wrong with it: the rest of a sentence.</param>
    public static ProblemHttpResult InvalidLine(long line, string rule) => Create(
        StatusCodes.Status400BadRequest,
        "invalid-request",
        "The request is not valid",
        $"Line {line} {rule} Nothing was imported.",
        ("field", "body"),
        ("line", line));

    /// <param name="most">The largest count.</param>
    /// <param name="unit">What is counted: numbers or bytes.</param>
    public static ProblemHttpResult ImportTooLarge(long most, string unit) => Create(
        StatusCodes.Status413PayloadTooLarge,
        BodyTooLargeType,
        "The body is too large",
        $"An import has at most {most} {unit}. Nothing was imported.");

    public static ProblemHttpResult ImportRunning() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "import-running",
        "Another import is running",
        $"The server imports into one pool at a time. Nothing was imported. {Retry}");

    public static ProblemHttpResult PoolExhausted(string pool, long size, long remaining) => Create(
        StatusCodes.Status409Conflict,
        "pool-exhausted",
        "The pool is exhausted",
        $"The pool '{pool}' has {remaining} of its {size} numbers left, fewer than requested. Nothing was drawn; "
        + "draw from another pool, or extend this one, unless it is being extended.",
        ("pool", pool),
        ("size", size),
        ("remaining", remaining));

    public static ProblemHttpResult PoolNotFound(string pool) => Create(
        StatusCodes.Status404NotFound,
        "pool-not-found",
        "The pool does not exist",
        $"There is no pool '{pool}'. Check the name.",
        ("pool", pool));

    public static ProblemHttpResult PoolClosed(string pool) => Create(
        StatusCodes.Status409Conflict,
        "pool-closed",
        "The pool is closed",
        $"The pool '{pool}' is closed permanently. Use another pool.",
        ("pool", pool));

    public static ProblemHttpResult PoolExists(Pool existing)
    {
        var (created, order) = (existing.Created, OrderName.Of(existing.Created.Order));
        var imported = existing.Imported is { } list ? $" behind {list.Count} imported numbers" : "";
        var codes = created.Code is { } code ? $"codes like {code.Description}" : "no codes";
        return Create(
            StatusCodes.Status409Conflict,
            "pool-exists",
            "The pool exists with another definition",
            $"The pool '{created.Name}' has the range {created.Range}, a {order} order{imported} and {codes}, which can't be "
            + "changed. Choose another name.",
            ("pool", created.Name),
            ("minimum", created.Range.Minimum),
            ("maximum", created.Range.Maximum),
            ("order", order));
    }

    public static ProblemHttpResult PoolSeeding(string pool) => Create(
        StatusCodes.Status503ServiceUnavailable,
        "pool-seeding",
        "The pool is not ready",
        $"The order of the pool '{pool}' is still being stored; GET /pools/{pool} shows the progress. {Retry}",
        ("pool", pool));

    public static ProblemHttpResult PoolExtending(string pool, long maximum) => Create(
        StatusCodes.Status409Conflict,
        "pool-extending",
        "The pool is being extended",
        $"The segment of an earlier extension, up to {maximum}, is still being stored; GET /pools/{pool} shows the progress. "
        + "Nothing was changed; repeat the request when the segment is ready.",
        ("pool", pool),
        ("maximum", maximum));

    public static ProblemHttpResult NumberNotFound(PoolDefinition pool, long number) => Create(
        StatusCodes.Status404NotFound,
        "number-not-found",
        "The number is not in the pool",
        $"The pool '{pool.Name}' has the range {pool.Range}, which does not include {number}.",
        ("pool", pool.Name),
        ("minimum", pool.Range.Minimum),
        ("maximum", pool.Range.Maximum));

    public static ProblemHttpResult NoCodes(string pool) => Create(
        StatusCodes.Status404NotFound,
        "no-codes",
        "The pool has no codes",
        $"The pool '{pool}' was created without codes. Look up its numbers.",
        ("pool", pool));

    public static ProblemHttpResult CodeMistyped(string pool) => Create(
        StatusCodes.Status422UnprocessableEntity,
        "code-mistyped",
        "The code is mistyped",
        $"The pool '{pool}' can't have this code: it has a wrong character, or too few or too many characters. Type it again.",
        ("pool", pool));

    /// <param name="perMinute">The limit.</param>
    /// <param name="seconds">When to retry.</param>
    public static ProblemHttpResult TooManyWrongCodes(int perMinute, int seconds) => Create(
        StatusCodes.Status429TooManyRequests,
        "too-many-wrong-codes",
        "Too many wrong codes were looked up",
        $"This key or client address has looked up too many wrong codes. The limit is {perMinute} at first, and {perMinute} a "
        + $"minute after that. Try again in {seconds} second{(seconds == 1 ? "" : "s")}; until then, correct codes are refused "
        + "too.");

    public static ProblemHttpResult KeyConflict() => Create(
        StatusCodes.Status422UnprocessableEntity,
        "key-conflict",
        "The Idempotency-Key belongs to another draw",
        "This idempotency key was used with another pool, count or reference. Nothing was drawn; use a new key for a new draw, "
        + "or repeat the first request to get its numbers again.");

    public static ProblemHttpResult ExtensionKeyConflict() => Create(
        StatusCodes.Status422UnprocessableEntity,
        "key-conflict",
        "The Idempotency-Key belongs to another extension",
        "Another request has extended a pool with this idempotency key. Nothing was changed; use a new key for a new extension.");

    public static ProblemHttpResult OutOfMemory(string reason) => Create(
        StatusCodes.Status503ServiceUnavailable,
        OutOfMemoryType,
        "There is not enough memory for the pool",
        reason);

    public static ProblemHttpResult OutOfDisk(string reason) => Create(
        StatusCodes.Status503ServiceUnavailable,
        OutOfDiskType,
        "There is not enough disk space for the pool",
        reason);

    public static ProblemHttpResult BackupNotConfigured() => Create(
        StatusCodes.Status409Conflict,
        "backup-not-configured",
        "The server has no directory for backups",
        "Start the server with --backup-directory; it backs up a SQLite database only. Back up PostgreSQL with its own "
        + "programs. Nothing was written.");

    public static ProblemHttpResult QueueFull() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "queue-full",
        "Too many draws are waiting",
        $"Nothing was drawn. {Retry}");

    public static ProblemHttpResult StoreUnavailable() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "store-unavailable",
        "The store is unavailable",
        $"Nothing was changed or drawn. {Retry} The server's log has the reason.");

    public static ProblemHttpResult Starting() => Create(
        StatusCodes.Status503ServiceUnavailable,
        StartingType,
        "The server is starting",
        $"The pools are being opened or seeded. {Retry}");

    /// <summary>Returns the problem of a request that the store failed.</summary>
    public static ProblemHttpResult Of(StoreException error) =>
        error.Fault == StoreFault.Unavailable ? StoreUnavailable() : InDoubt();

    public static ProblemHttpResult InDoubt() => Create(
        StatusCodes.Status503ServiceUnavailable,
        "draw-in-doubt",
        "The request may have been recorded",
        "The store failed while it recorded the request. Repeat it: what is recorded for its idempotency key, or for the name of "
        + "its pool, is returned. A draw without a key takes other numbers; a recorded number is never handed out again. Before "
        + "an extension without a key is repeated, look at the pool's status.");

    public static ProblemHttpResult Forbidden(string caller, string role) => Create(
        StatusCodes.Status403Forbidden,
        "forbidden",
        "The key does not have the required role",
        $"The key '{caller}' does not have the role '{role}'. Use a key that has it.",
        ("role", role));

    public static ProblemHttpResult HostNotAllowed() => Create(
        StatusCodes.Status421MisdirectedRequest,
        "host-not-allowed",
        "The server does not answer for this host",
        "A server without access keys answers for loopback hosts like 127.0.0.1 and localhost, and with --allow-anonymous for IP "
        + "addresses. Use one of them, or have the operator list the host in the setting AllowedHosts.");

    public static ProblemHttpResult CrossSite() => Create(
        StatusCodes.Status403Forbidden,
        "cross-site",
        "Pages of other sites may not do this",
        "A browser sent the request for a page of another site. Nothing was changed or drawn. "
        + "Open the address directly, or send the request from a program.");

    public static ProblemHttpResult TooManyFailures() => Create(
        StatusCodes.Status429TooManyRequests,
        "too-many-failures",
        "Too many requests without a valid key",
        "This client address made more than 20 requests without a valid key, or more than one every 3 seconds after that. "
        + "Send a valid key, which is never refused for this, or retry in 3 seconds.");

    /// <param name="others">The other types that the route takes: the end of the sentence. Default none.</param>
    public static ProblemHttpResult UnsupportedMediaType(string others = "") => Create(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported-media-type",
        "The body is not JSON",
        $"Send UTF-8 with Content-Type: application/json{others}.");

    /// <summary>Returns the problem for a status that was set without a body.</summary>
    public static ProblemHttpResult FromStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Create(
            status, "unauthorized", "A valid key is required", "Send a valid key in Authorization: Bearer."),
        StatusCodes.Status403Forbidden => Create(
            status, "forbidden", "The request is not allowed", "The routes are described at /docs."),
        StatusCodes.Status404NotFound => Create(
            status, "not-found", "The route does not exist", "The routes are described at /docs."),
        StatusCodes.Status405MethodNotAllowed => Create(
            status, "method-not-allowed", "The route does not allow this method", "The header Allow lists the allowed methods."),
        StatusCodes.Status413PayloadTooLarge => Create(
            status, BodyTooLargeType, "The body is too large", $"A body can have at most {HttpLimits.MaximumBodyLength} bytes."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType(),
        StatusCodes.Status429TooManyRequests => Create(
            status, "too-many-requests", "The key has reached its rate limit", $"Nothing was changed or drawn. {Retry}"),
        >= 500 => Create(status, "internal-error", "The server failed", "The server's log has the reason."),
        _ => Create(status, "bad-request", "The request is malformed", "The routes are described at /docs."),
    };

    /// <summary>Whether retries fail until the operator acts.</summary>
    private static bool NeedsOperator(ProblemHttpResult problem) =>
        problem.ProblemDetails.Type is TypePrefix + OutOfDiskType or TypePrefix + OutOfMemoryType;

    private static ProblemHttpResult Create(
        int status, string type, string title, string detail, params ReadOnlySpan<(string Name, object Value)> members)
    {
        var extensions = new Dictionary<string, object?>();
        foreach (var (name, value) in members)
            extensions.Add(name, value);
        return TypedResults.Problem(detail, statusCode: status, title: title, type: TypePrefix + type, extensions: extensions);
    }
}
