namespace UniqueRandom.Client;

/// <summary>The settings of a <see cref="UniqueRandomClient"/>.</summary>
public sealed class UniqueRandomClientOptions
{
    /// <summary>
    /// Gets or sets the absolute <c>http</c> or <c>https</c> address of the server, or of the load balancer in front of several.
    /// Required. A path is the prefix of all routes.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Gets or sets the access key, visible ASCII characters without spaces. The default is <see langword="null"/>, for a server
    /// without keys.
    /// </summary>
    public string? AccessKey { get; set; }

    /// <summary>
    /// Gets or sets how long the client waits for the answer to one request before it sends the request again, and for the next
    /// part of a stream before it connects again. More than 0 and at most 24 hours; the default is 30 seconds. A server sends
    /// something into an idle stream every 15 seconds.
    /// </summary>
    /// <remarks>It does not limit how long a call takes; the <see cref="CancellationToken"/> of the call does.</remarks>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
