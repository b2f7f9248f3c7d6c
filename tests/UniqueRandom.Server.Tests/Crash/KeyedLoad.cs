using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>The answer to one request with a key.</summary>
internal sealed record KeyedAnswer(int Key, int First, string Numbers, bool IsReplayed);

/// <summary>
/// Clients that draw with keys. Several clients send each key at the same time, and each retries until it is answered,
/// even while the server is down.
/// </summary>
internal sealed class KeyedLoad : IDisposable
{
    private const int KeysAtOnce = 16;
    private const int RequestsPerKey = 5;

    private readonly HttpClient client;
    private readonly ConcurrentQueue<int> keys;
    private readonly ConcurrentBag<KeyedAnswer> answers = [];
    private readonly Lock gate = new();
    private TaskCompletionSource serverUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int mark = int.MaxValue;
    private int failures;

    public KeyedLoad(Uri server, int keyCount)
    {
        client = new HttpClient { BaseAddress = server };
        keys = new ConcurrentQueue<int>(Enumerable.Range(0, keyCount));
        Finished = Task.WhenAll(Enumerable.Range(0, KeysAtOnce).Select(_ => Task.Run(DrawAsync)));
    }

    public Task Finished { get; }

    public IReadOnlyCollection<KeyedAnswer> Answers => answers;

    /// <summary>The count of requests without an answer.</summary>
    public int Failures => failures;

    /// <summary>The count of numbers for a key: 1, 2 or 3.</summary>
    public static int CountOf(int key) => 1 + key % 3;

    /// <summary>Lets the clients that wait for the server continue.</summary>
    public void OnServerStarted() => serverUp.TrySetResult();

    /// <summary>Makes clients without an answer wait for the next start of the server.</summary>
    public void OnServerStopping()
    {
        lock (gate)
            serverUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Waits until the given count of further requests is answered, or all are.</summary>
    public async Task AnsweredAsync(int more)
    {
        Task next;
        lock (gate)
        {
            reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (mark, next) = (answers.Count + more, reached.Task);
        }

        await Task.WhenAny(next, Finished).WaitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => client.Dispose();

    private async Task DrawAsync()
    {
        while (keys.TryDequeue(out var key))
            await Task.WhenAll(Enumerable.Range(0, RequestsPerKey).Select(_ => SendUntilAnsweredAsync(key)));
    }

    private async Task SendUntilAnsweredAsync(int key)
    {
        KeyedAnswer? answer = null;
        while (answer is null)
        {
            Task server;
            lock (gate)
                server = serverUp.Task;
            await server.WaitAsync(TestContext.Current.CancellationToken);
            answer = await SendRequestAsync(key);
        }

        answers.Add(answer);
        lock (gate)
        {
            if (answers.Count >= mark)
                reached.TrySetResult();
        }
    }

    private async Task<KeyedAnswer?> SendRequestAsync(int key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/pools/default/draws");
        request.Headers.Add("Idempotency-Key", $"key-{key}");
        request.Content = JsonContent.Create(new { count = CountOf(key), reference = $"order-{key}" });
        try
        {
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.Created, body);
            using var json = JsonDocument.Parse(body);
            return new KeyedAnswer(
                key,
                json.RootElement.GetProperty("first").GetInt32(),
                json.RootElement.GetProperty("numbers").GetRawText(),
                json.RootElement.GetProperty("replayed").GetBoolean());
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The draw may or may not be recorded. The retry with the same key finds out.
            Interlocked.Increment(ref failures);
            return null;
        }
    }
}
