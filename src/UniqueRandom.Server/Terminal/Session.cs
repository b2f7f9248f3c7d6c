using System.CommandLine;
using System.Net;
using UniqueRandom.Client;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Server.Terminal;

/// <summary>One run of a verb: its arguments, the client and the output.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="client">The client.</param>
/// <param name="attempts">Why attempts failed.</param>
/// <param name="cancellationToken">Canceled by a signal.</param>
internal sealed class Session(
    ParseResult arguments, UniqueRandomClient client, AttemptWatch attempts, CancellationToken cancellationToken)
{
    /// <summary>After this time a person wonders what the program does.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    public UniqueRandomClient Client => client;

    public CancellationToken CancellationToken => cancellationToken;

    public Output Output { get; } = new(arguments.GetValue(Output.Json));

    public T Get<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);

    public bool Has(Option option) => arguments.GetResult(option) is { Implicit: false };

    public T Get<T>(Option<T> option) => arguments.GetValue(option)!;

    /// <summary>Calls the server, for as long as the switch says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="advice">What the user can do if there is no answer, but the server may have the request.</param>
    /// <exception cref="TerminalException">The server refused, or there is no answer.</exception>
    public Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, string advice = "") =>
        CallAsync((_, cancellationToken) => call(cancellationToken), advice);

    /// <summary>Calls the server, for as long as the switch says after each sign that the call goes on.</summary>
    /// <param name="call">The call. It calls its argument when it goes on.</param>
    /// <param name="advice">What the user can do if there is no answer, but the server may have the request.</param>
    /// <exception cref="TerminalException">The server refused, or there is no answer.</exception>
    public async Task<T> CallAsync<T>(Func<Action, CancellationToken, Task<T>> call, string advice)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(attempts.Timeout);
        await using var notice = new Timer(_ => attempts.Wait(), null, Silence, Timeout.InfiniteTimeSpan);
        try
        {
            return await call(GoOn, limit.Token);
        }
        catch (Exception error) when (Explain(error, advice) is { } failure)
        {
            throw failure;
        }

        void GoOn()
        {
            limit.CancelAfter(attempts.Timeout);
            notice.Change(Silence, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Gets the status of a pool.</summary>
    /// <exception cref="TerminalException">The server refused, or there is no answer.</exception>
    public Task<PoolStatus> GetPoolAsync(string pool) =>
        CallAsync(cancellationToken => client.GetPoolAsync(pool, cancellationToken));

    /// <summary>Reads the draw log up to the last draw. The switch limits the wait for each line.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="after">The last position that the user has, or null.</param>
    /// <param name="reached">Learns the position after each line.</param>
    /// <exception cref="TerminalException">The server refused, or there is no answer.</exception>
    public async IAsyncEnumerable<LoggedDraw> ReadDrawLogAsync(string pool, long? after, Action<long> reached)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var lines = client.ReadDrawLogAsync(pool, after, limit.Token).GetAsyncEnumerator(limit.Token);
        while (true)
        {
            limit.CancelAfter(attempts.Timeout);
            try
            {
                if (!await lines.MoveNextAsync())
                    yield break;
            }
            catch (Exception error) when (Explain(error, "") is { } failure)
            {
                throw failure;
            }

            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            yield return lines.Current;
            reached(lines.Current.First + lines.Current.Numbers.Count);
        }
    }

    private TerminalException? Explain(Exception error, string advice) => error switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested =>
            new(ExitCodes.Interrupted, $"Interrupted.{Advise(advice)}", error),
        OperationCanceledException =>
            new(ExitCodes.NoAnswer, $"No answer within {attempts.Timeout.TotalSeconds} s{Reason()}.{Advise(advice)}", error),
        // Not repeated, such as a certificate that is not trusted.
        HttpRequestException => new(ExitCodes.NoAnswer, $"{error.GetBaseException().Message}{Advise(advice)}", error),
        UniqueRandomException refusal => Refusal(refusal),
        _ => null,
    };

    private static TerminalException Refusal(UniqueRandomException error)
    {
        var exitCode = error.Type is ProblemTypes.PoolExhausted or ProblemTypes.PoolClosed
            ? ExitCodes.NothingLeft
            : ExitCodes.Refused;
        var advice = error.Status == HttpStatusCode.Unauthorized
            ? $" Put the key in the variable {Connection.KeyVariable}, or name its file with {Connection.KeyFile.Name}."
            : "";
        return new TerminalException(exitCode, error.Message + advice, error);
    }

    private string Advise(string advice) => attempts.MayHaveArrived ? advice : "";

    private string Reason() => attempts.Reason is { } reason ? $" ({reason.TrimEnd('.')})" : "";
}
