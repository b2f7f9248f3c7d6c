using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace UniqueRandom.Server.Systemd;

/// <summary>Tells systemd the state of the server. Does nothing where there is no systemd.</summary>
/// <remarks>
/// Microsoft's <c>SystemdLifetime</c> isn't used: it says that the server is ready when its port is bound.
/// </remarks>
internal sealed partial class ServiceManager(ISystemdNotifier notifier, ILogger<ServiceManager> logger)
{
    public void Notify(ServiceState state)
    {
        try
        {
            notifier.Notify(state);
        }
        catch (SocketException error)
        {
            LogNotTold(state, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Can't notify systemd of {State}: {Reason}")]
    private partial void LogNotTold(ServiceState state, string reason);
}
