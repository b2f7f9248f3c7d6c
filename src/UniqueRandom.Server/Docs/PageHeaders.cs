namespace UniqueRandom.Server.Docs;

/// <summary>
/// What a browser may do with a page of this server: show it outside of frames, and load and call nothing but this server.
/// </summary>
internal static class PageHeaders
{
    /// <summary>The interactive page sets styles on its elements, and has its icons as data in its style sheet.</summary>
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
