using System.Security.Authentication;
using Polly.Timeout;

namespace UniqueRandom.Client;

/// <summary>What a request says about its repetition, and which errors a repetition can change.</summary>
internal static class Attempts
{
    /// <summary>Set on a request that is not repeated.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsOnlyOne = new("UniqueRandom.IsOnlyOne");

    /// <summary>
    /// Whether no answer came, or only a part of it. A certificate that is not trusted stays so.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="cancellationToken">The token of the caller: its cancellation is no missing answer.</param>
    public static bool HasNoAnswer(Exception? error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException => error.InnerException is not AuthenticationException,
        IOException or TimeoutRejectedException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };
}
