using System.CommandLine.Completions;
using UniqueRandom.Client;

namespace UniqueRandom.Server.Terminal;

/// <summary>Completes the names of pools with those of the server, if it answers soon.</summary>
internal static class PoolCompletion
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IEnumerable<CompletionItem> Find(CompletionContext context) => FindAsync(context).GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<CompletionItem>> FindAsync(CompletionContext context)
    {
        var names = new List<CompletionItem>();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var url = Connection.ReadUrl(context.ParseResult);
            using var http = new HttpClient { BaseAddress = url };
            if (Connection.ReadKey(context.ParseResult) is { } key)
                http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            await foreach (var pool in new UniqueRandomClient(http).GetPoolsAsync(limit.Token))
                names.Add(new CompletionItem(pool.Pool));
        }
        catch (Exception error) when (error
            is TerminalException or HttpRequestException or OperationCanceledException or UniqueRandomException)
        {
            // Whoever completes a name gets what there is; the command itself reports the error.
        }

        return names;
    }
}
