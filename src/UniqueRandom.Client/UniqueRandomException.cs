using System.Net;
using System.Text.Json;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

/// <summary>The server refused a request, and a repetition would not change that. The message says what to do.</summary>
public sealed class UniqueRandomException : Exception
{
    internal UniqueRandomException(HttpStatusCode status, Problem problem, Exception? inner = null)
        : base(
            problem.Detail ?? $"The answer has the status {(int)status} and is none of UniqueRandom. Check the base address.",
            inner)
    {
        Status = status;
        Type = problem.Type ?? "about:blank";
        Title = problem.Title ?? $"{status}";
        Detail = Message;
        Extensions = problem.Extensions;
    }

    /// <summary>
    /// Gets the kind of the problem, one of <see cref="ProblemTypes"/>; <c>about:blank</c> if the answer did not come from the
    /// server.
    /// </summary>
    public string Type { get; }

    /// <summary>Gets the kind of the problem in words.</summary>
    public string Title { get; }

    /// <summary>Gets what happened in this case, and what to do.</summary>
    public string Detail { get; }

    /// <summary>Gets the status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Gets the further members of the problem, such as <c>remaining</c>; which ones depends on the type.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; }

    /// <summary>Throws if an answer has no status of success.</summary>
    internal static async ValueTask ThrowIfFailedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        throw new UniqueRandomException(response.StatusCode, problem);
    }
}
