using System.Text.Json.Serialization.Metadata;

namespace UniqueRandom.Server.Answers;

internal static class AnswerExtensions
{
    /// <summary>Sends a JSON body that no cache may store.</summary>
    public static Task SendAsync<T>(this HttpContext context, T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsJsonAsync(body, type, "application/json", context.RequestAborted);
    }
}
