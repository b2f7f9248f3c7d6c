using UniqueRandom.Server.Pages;

namespace UniqueRandom.Server.Verification;

internal static class VerificationEndpoints
{
    public static void MapVerification(this WebApplication app)
    {
        // Composed for the first browser, so that no start waits for it.
        var composed = new Lazy<VerificationPage>(() => new VerificationPage());
        app.MapGet("/verify", (HttpResponse response) =>
        {
            var page = composed.Value;
            response.AddPageHeaders(page.Policy);
            response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(page.Body, "text/html; charset=utf-8", entityTag: page.Tag);
        });
    }
}
