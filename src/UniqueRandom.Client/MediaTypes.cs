namespace UniqueRandom.Client;

/// <summary>The media types of the server's responses.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string JsonLines = "application/x-ndjson";
    public const string Events = "text/event-stream";
    public const string Metrics = "text/plain";
    public const string Problem = "application/problem+json";
}
