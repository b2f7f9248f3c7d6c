using UniqueRandom.Testing.Time;

namespace UniqueRandom.Client.Tests.Fixtures;

/// <summary>Counts the attempts of all requests.</summary>
internal sealed class AttemptCounter : DelegatingHandler
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>Waits until a count of attempts has begun.</summary>
    public Task ReachedAsync(int attempts) =>
        Eventually.TrueAsync(() => Task.FromResult(Count >= attempts), $"{attempts} attempts have begun");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref count);
        return base.SendAsync(request, cancellationToken);
    }
}
