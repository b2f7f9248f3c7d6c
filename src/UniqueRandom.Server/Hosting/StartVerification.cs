using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Hosting;

/// <summary>Verifies beside draws what the start has left of a large store. Damage stops the server.</summary>
internal sealed partial class StartVerification(
    IPoolStore store, StoreRetry retry, StoreHealth health, ILogger<StartVerification> logger)
{
    /// <summary>Runs until everything is verified. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await retry.RunAsync(VerifyAsync, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The server stops, and the next one begins again.
        }
        catch (StoreException error)
        {
            health.Report(error);
        }
#pragma warning disable CA1031 // Nobody awaits this, and an unverified store can be served.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(error);
        }

        async ValueTask<bool> VerifyAsync()
        {
            await store.VerifyAsync(everything: false, progress: null, cancellationToken);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What the start has left could not be verified")]
    private partial void LogFailed(Exception error);
}
