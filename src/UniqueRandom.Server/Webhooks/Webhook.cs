namespace UniqueRandom.Server.Webhooks;

/// <summary>A configured receiver of events.</summary>
/// <param name="Name">The name of its section; deliveries are stored under it.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Secrets">One secret, or two during a rotation: each message has a signature of each.</param>
/// <param name="AllowsPrivate">Whether it may have a loopback or private address, and plain HTTP. Default false.</param>
/// <param name="GiveUpAfter">How long a message is retried. Default 3 days.</param>
internal sealed record Webhook(
    string Name, Uri Url, IReadOnlyList<WebhookSecret> Secrets, bool AllowsPrivate, TimeSpan GiveUpAfter);
