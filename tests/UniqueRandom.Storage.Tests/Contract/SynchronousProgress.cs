namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Calls a handler within the reporting call, which <see cref="Progress{T}"/> does not.</summary>
internal sealed class SynchronousProgress(Action<long> handler) : IProgress<long>
{
    public void Report(long value) => handler(value);
}
