namespace UniqueRandom.Server.Docs;

/// <summary>Adds security headers to pages: no frames, and no requests to other servers.</summary>
internal static class PageHeaders
{
    /// <summary>The interactive page sets inline styles, and its style sheet contains icons as data URLs.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static RequestDelegate Add(RequestDelegate next) => context =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    };
}
