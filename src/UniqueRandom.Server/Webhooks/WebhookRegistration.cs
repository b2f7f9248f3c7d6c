using UniqueRandom.Stores;

namespace UniqueRandom.Server.Webhooks;

internal static class WebhookRegistration
{
    /// <summary>Delivers events, if webhooks are configured.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        var webhooks = WebhookSettings.Read(configuration);
        if (webhooks.Count == 0)
            return services;
        return services
            .AddSingleton(webhooks)
            .AddSingleton(provider => (IDeliveryStore)provider.GetRequiredService<IPoolStore>())
            .AddHostedService<WebhookDelivery>();
    }
}
