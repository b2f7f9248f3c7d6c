using Microsoft.Extensions.Hosting.Systemd;

namespace UniqueRandom.Server.Systemd;

internal static class SystemdRegistration
{
    public static IServiceCollection AddServiceManager(this IServiceCollection services) => services
        .AddSingleton<ISystemdNotifier, SystemdNotifier>()
        .AddSingleton<ServiceManager>()
        .AddSingleton<Watchdog>();
}
