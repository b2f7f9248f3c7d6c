using System.Security.Authentication;
using Polly.Timeout;

namespace UniqueRandom.Client;

/// <summary>Which requests are sent once or take long, and which errors a retry can change.</summary>
internal static class Attempts
{
    /// <summary>Set on a request that is not retried.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsOnlyOne = new("UniqueRandom.IsOnlyOne");

    /// <summary>Set on a request with a long body, whose attempts have no limit.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsLong = new("UniqueRandom.IsLong");

    /// <summary>
    /// Whether no response came, or only a part of it. A certificate that is not trusted stays so.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="cancellationToken">The token of the caller: its cancellation is no missing response.</param>
    public static bool HasNoResponse(Exception? error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException => error.InnerException is not AuthenticationException,
        IOException or TimeoutRejectedException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };
}
