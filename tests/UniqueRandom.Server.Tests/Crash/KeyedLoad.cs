using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>What a retry of a key was answered.</summary>
internal sealed record KeyedAnswer(int Key, int First, string Numbers, bool IsReplayed);

/// <summary>
/// Clients that draw with keys. Each key is asked for by several of them at the same time, and each asks until it is answered,
/// however often the server is gone.
/// </summary>
internal sealed class KeyedLoad : IDisposable
{
    private const int KeysAtOnce = 16;
    private const int RetriesOfAKey = 5;

    private readonly HttpClient client;
    private readonly ConcurrentQueue<int> keys;
    private readonly ConcurrentBag<KeyedAnswer> answers = [];
    private readonly Lock gate = new();
    private TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>How many requests the server left without an answer.</summary>
    public int Failures => failures;

    /// <summary>1, 2 or 3 numbers, the same at each retry.</summary>
    public static int CountOf(int key) => 1 + key % 3;

    /// <summary>The server is there: whoever waits for it asks again.</summary>
    public void ServerIsUp() => up.TrySetResult();

    /// <summary>The server is about to go: whoever is left without an answer from now on waits for the next one.</summary>
    public void ServerGoes()
    {
        lock (gate)
            up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Waits until so many retries more are answered, or all of them.</summary>
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
            await Task.WhenAll(Enumerable.Range(0, RetriesOfAKey).Select(_ => AskUntilAnsweredAsync(key)));
    }

    private async Task AskUntilAnsweredAsync(int key)
    {
        KeyedAnswer? answer = null;
        while (answer is null)
        {
            Task server;
            lock (gate)
                server = up.Task;
            await server.WaitAsync(TestContext.Current.CancellationToken);
            answer = await AskAsync(key);
        }

        answers.Add(answer);
        lock (gate)
        {
            if (answers.Count >= mark)
                reached.TrySetResult();
        }
    }

    private async Task<KeyedAnswer?> AskAsync(int key)
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
            // Nobody knows whether the draw was made. That is what the key is for.
            Interlocked.Increment(ref failures);
            return null;
        }
    }
}
