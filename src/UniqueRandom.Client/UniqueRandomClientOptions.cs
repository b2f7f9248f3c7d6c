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
    /// Gets or sets how long the client waits for the response to one request before it sends the request again, 10 milliseconds
    /// to 24 hours. The default is 30 seconds. It does not apply to an import.
    /// </summary>
    /// <remarks>
    /// <para>It does not limit how long a call takes; the <see cref="CancellationToken"/> of the call does.</para>
    /// <para>
    /// A stream connects again when nothing has arrived for this time and 15 seconds, because a server sends something into an
    /// idle stream every 15 seconds.
    /// </para>
    /// </remarks>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
