using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Authenticates a request by its header <c>Authorization: Bearer {key}</c>. Implements the interface instead of deriving from
/// AuthenticationHandler, which requires options and encoders that are not used here.
/// </summary>
internal sealed class BearerKeys(KeyRing keys, FailureLimit failures) : IAuthenticationHandler
{
    public const string Scheme = "Bearer";

    private static readonly string RetryAfter =
        FailureLimit.ReplenishmentPeriod.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private HttpContext context = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        this.context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        var token = Token(context.Request);
        if (token.IsEmpty)
            return Task.FromResult(AuthenticateResult.NoResult());
        return Task.FromResult(keys.Find(token) is { } key
            ? AuthenticateResult.Success(new AuthenticationTicket(key.Principal, Scheme))
            : AuthenticateResult.Fail("The key is unknown."));
    }

    /// <summary>
    /// Answers 401, or 429 after too many failures. Only requests without a valid key get here, so a valid key is never refused
    /// for failures. RequestBoundary writes the problem of the 401.
    /// </summary>
    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        if (!failures.TryCount(context.Connection.RemoteIpAddress))
        {
            context.Response.Headers.RetryAfter = RetryAfter;
            return Problem.TooManyFailures().SendAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Scheme;
        return Task.CompletedTask;
    }

    /// <summary>Answers 403. Only the policies that are named after a role refuse a request with a valid key.</summary>
    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        var role = context.GetEndpoint()!.Metadata.GetRequiredMetadata<IAuthorizeData>().Policy!;
        return Problem.Forbidden(Caller.Of(context)!, role).SendAsync(context);
    }

    /// <summary>Gets the key in the header; empty without the header, or with more than one.</summary>
    private static ReadOnlySpan<char> Token(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header is not [{ Length: > 7 } value]
            || value[Scheme.Length] != ' '
            || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        return value.AsSpan(Scheme.Length).Trim(' ');
    }
}
