using System.Net;
using System.Text.Json;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

/// <summary>
/// The server refused a request, or another server responded, and a retry would not change that. The message says what to do.
/// </summary>
public sealed class UniqueRandomException : Exception
{
    internal UniqueRandomException(
        HttpStatusCode status, Problem problem, string? idempotencyKey = null, Exception? inner = null)
        : base(
            problem.Detail
                ?? $"The response with the status {(int)status} isn't from a UniqueRandom server. Check the base address.",
            inner)
    {
        Status = status;
        Type = problem.Type ?? "about:blank";
        Title = problem.Title ?? $"{status}";
        Detail = Message;
        Extensions = problem.Extensions;
        IdempotencyKey = idempotencyKey;
    }

    /// <summary>
    /// Gets the kind of the problem, one of <see cref="ProblemTypes"/>; <c>about:blank</c> if the response isn't from a
    /// UniqueRandom server.
    /// </summary>
    public string Type { get; }

    /// <summary>Gets the kind of the problem in words.</summary>
    public string Title { get; }

    /// <summary>Gets what happened in this case, and what to do.</summary>
    public string Detail { get; }

    /// <summary>Gets the status of the response.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Gets the further members of the problem, such as <c>remaining</c>; which ones depends on the type.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; }

    /// <summary>
    /// Gets the idempotency key of the draw or the extension, also one that the client generated; <see langword="null"/> if the
    /// request was neither.
    /// </summary>
    /// <remarks>
    /// Nothing was drawn or extended, unless <see cref="Type"/> is <c>about:blank</c>,
    /// <see cref="ProblemTypes.InternalError"/> or <see cref="ProblemTypes.DrawInDoubt"/>. Then it may be recorded: repeat the
    /// call with this key to find out.
    /// </remarks>
    public string? IdempotencyKey { get; }
}
