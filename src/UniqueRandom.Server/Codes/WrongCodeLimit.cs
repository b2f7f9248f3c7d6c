using System.Collections.Concurrent;
using System.Net;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Codes;

/// <summary>
/// Limits the wrong codes that one key and one client address may look up: those that were not issued. Above the limit correct
/// ones are refused as well, because their answers would help to guess. Thread-safe.
/// </summary>
internal sealed class WrongCodeLimit(AccessOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, WrongCodeBudget> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, WrongCodeBudget> addresses = new();

    /// <summary>Looks up a code unless the caller has looked up too many wrong ones.</summary>
    /// <param name="context">The request.</param>
    /// <param name="lookUpAsync">
    /// Looks it up, and returns whether it is not wrong. If it ends without an answer, because the caller has hung up, it counts
    /// as wrong: otherwise guesses would be free. A refusal and a failure of the store count as correct.
    /// </param>
    /// <exception cref="RefusedException">The key or the address has looked up too many wrong codes.</exception>
    /// <exception cref="OperationCanceledException">The caller has hung up.</exception>
    public async Task RunAsync(HttpContext context, Func<Task<bool>> lookUpAsync)
    {
        var address = addresses.GetOrAdd(AddressBuckets.Of(context.Connection.RemoteIpAddress ?? IPAddress.None), NewBudget);
        var key = Caller.Of(context) is { } name ? keys.GetOrAdd(name, NewBudget) : null;
        if (!await address.TakeAsync(context.RequestAborted))
            throw Refused();
        var isWrong = false;
        try
        {
            if (key is not null && !await key.TakeAsync(context.RequestAborted))
                throw Refused();
            try
            {
                // Whoever has only waited has learned nothing.
                context.RequestAborted.ThrowIfCancellationRequested();
                isWrong = true;
                isWrong = !await lookUpAsync();
            }
            catch (Exception error) when (error is RefusedException or StoreException)
            {
                isWrong = false;
                throw;
            }
            finally
            {
                key?.Release(isWrong);
            }
        }
        finally
        {
            address.Release(isWrong);
        }
    }

    private WrongCodeBudget NewBudget<T>(T of) => new(options.WrongCodesPerMinute, time);

    private RefusedException Refused()
    {
        var seconds = (int)Math.Ceiling(60.0 / options.WrongCodesPerMinute);
        return new(Problem.TooManyWrongCodes(options.WrongCodesPerMinute, seconds), TimeSpan.FromSeconds(seconds));
    }
}
