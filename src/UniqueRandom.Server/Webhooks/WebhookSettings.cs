using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Webhooks;

/// <summary>
/// Reads the section <c>UniqueRandom:Webhooks</c>. Messages omit invalid values, which may be secrets.
/// </summary>
internal static class WebhookSettings
{
    private const string Url = "Url";
    private const string Secret = "Secret";
    private const string SecondSecret = "SecondSecret";
    private const string AllowPrivate = "AllowPrivate";
    private const string GiveUpHours = "GiveUpHours";
    private const int LargestHours = 720;

    private static readonly string[] Members = [Url, Secret, SecondSecret, AllowPrivate, GiveUpHours];

    /// <exception cref="StartException">The section is not valid.</exception>
    public static IReadOnlyList<Webhook> Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Settings.WebhooksSection);
        return section.Value is null
            ? [.. section.GetChildren().Select(ReadWebhook)]
            : throw new StartException(
                $"{Settings.WebhooksSection} must have a section for each webhook, like {Settings.WebhooksSection}:ops:{Url}.");
    }

    private static Webhook ReadWebhook(IConfigurationSection webhook)
    {
        if (!PoolName.IsValid(webhook.Key))
        {
            throw new StartException(
                $"{webhook.Path} is not a valid name of a webhook; use 1 to 64 of the characters a-z 0-9 - _.");
        }

        if (webhook.Value is not null)
            throw new StartException($"{webhook.Path} must be a section with {Url}, {Secret} and optional settings.");
        foreach (var member in webhook.GetChildren())
        {
            if (!Members.Contains(member.Key, StringComparer.OrdinalIgnoreCase))
                throw new StartException($"Unknown setting '{member.Path}'; a webhook has {string.Join(", ", Members)}.");
        }

        var allowsPrivate = ReadAllowPrivate(webhook);
        return new Webhook(
            webhook.Key, ReadUrl(webhook, allowsPrivate), ReadSecrets(webhook), allowsPrivate, ReadGiveUp(webhook));
    }

    private static Uri ReadUrl(IConfigurationSection webhook, bool allowsPrivate)
    {
        if (!Uri.TryCreate(webhook[Url], UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw Refused(webhook, Url, "must be an address like https://example.com/events");
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            throw Refused(webhook, Url, "must have no user, password or fragment");
        return url.Scheme == "https" || allowsPrivate
            ? url
            : throw Refused(webhook, Url, $"must begin with https://, unless {webhook.Path}:{AllowPrivate} is true");
    }

    private static WebhookSecret[] ReadSecrets(IConfigurationSection webhook)
    {
        string[] members = webhook[SecondSecret] is null ? [Secret] : [Secret, SecondSecret];
        return
        [
            .. members.Select(member => WebhookSecret.Parse(webhook[member])
                ?? throw Refused(webhook, member, "must be whsec_ and 24 to 64 random bytes in Base64")),
        ];
    }

    private static bool ReadAllowPrivate(IConfigurationSection webhook) => webhook[AllowPrivate] switch
    {
        null => false,
        var text when bool.TryParse(text, out var value) => value,
        _ => throw Refused(webhook, AllowPrivate, "must be true or false"),
    };

    private static TimeSpan ReadGiveUp(IConfigurationSection webhook) => TimeSpan.FromHours(
        Settings.ParseInteger(webhook[GiveUpHours] ?? "72", 1, LargestHours)
            ?? throw Refused(webhook, GiveUpHours, $"must be an integer from 1 to {LargestHours}"));

    private static StartException Refused(IConfigurationSection webhook, string member, string rule) =>
        new($"{webhook.Path}:{member} {rule}.");
}
