using System.Collections.Concurrent;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>
/// What clients have received from one pool, through all faults, and the check that it agrees with the draw log. Thread-safe,
/// except that <see cref="VerifyAsync"/> runs alone.
/// </summary>
internal sealed class FaultLedger
{
    /// <summary>The reference of the positions that a restore gives up. Who had their numbers is lost.</summary>
    private const string Skipped = "skipped-after-restore";

    private const int KeysReplayed = 50;

    private static readonly string[] Reasons = ["queue-full", "store-unavailable", "draw-in-doubt", "starting"];

    private readonly ConcurrentQueue<(long? First, long[] Numbers)> received = [];
    private readonly ConcurrentDictionary<string, KeyedDraw> keys = new();
    private readonly ConcurrentDictionary<string, int> refusals = new();
    private readonly HashSet<long> owned = [];
    private readonly Dictionary<long, long> positions = [];
    private readonly List<long> log = [];
    private int recorded;
    private int acknowledged;
    private int mismatched;
    private int nextKey;

    /// <summary>Gets how many numbers clients have received.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Gets how many numbers are drawn, if no draw is in progress.</summary>
    public int Drawn => log.Count + received.Sum(draw => draw.Numbers.Length);

    /// <summary>Gets how many numbers were received twice. Set by <see cref="VerifyAsync"/>.</summary>
    public int Repeated { get; private set; }

    /// <summary>Gets how many received numbers the log lacks. Set by <see cref="VerifyAsync"/>.</summary>
    public int Lost { get; private set; }

    /// <summary>Gets how many positions of the log no client has. Set by <see cref="VerifyAsync"/>.</summary>
    public int Burned => log.Count - recorded;

    /// <summary>Gets how often clients were refused, by the type of the problem.</summary>
    public IReadOnlyDictionary<string, int> Refusals => refusals;

    /// <summary>Records that a client has received numbers of which it does not know the positions.</summary>
    public void Acknowledge(params long[] numbers) => Add(null, numbers);

    /// <summary>Records that a client has received a draw.</summary>
    public void Acknowledge(long first, long[] numbers) => Add(first, numbers);

    /// <summary>Records an answer to a key, whose first answer counts as its draw.</summary>
    public void Acknowledge(string key, long first, long[] numbers)
    {
        var draw = keys[key];
        lock (draw)
        {
            if (draw.Numbers is null)
            {
                (draw.First, draw.Numbers) = (first, numbers);
                Add(first, numbers);
            }
            else if (draw.First != first || !draw.Numbers.SequenceEqual(numbers))
            {
                Interlocked.Increment(ref mismatched);
            }
        }
    }

    /// <summary>Records that a client was refused, for one of the reasons that a retry can change.</summary>
    public void Refuse(string answer)
    {
        var reason = Reasons.FirstOrDefault(known => answer.Contains(known, StringComparison.Ordinal)) ?? answer;
        refusals.AddOrUpdate(reason, 1, (_, count) => count + 1);
    }

    /// <summary>Returns a new key, before anyone sends it.</summary>
    public (string Key, int Count) NewKey()
    {
        var number = Interlocked.Increment(ref nextKey);
        var (key, count) = ($"key-{number}", 1 + number % 3);
        keys[key] = new KeyedDraw(count);
        return (key, count);
    }

    /// <summary>Compares what was received since the last check with the log of a server that has recovered.</summary>
    public async Task VerifyAsync(HttpClient client)
    {
        Assert.Empty(refusals.Keys.Except(Reasons));
        await RetryKeysAsync(client);
        await ReadLogAsync(client);
        while (received.TryDequeue(out var draw))
        {
            foreach (var (index, number) in draw.Numbers.Index())
            {
                if (!owned.Add(number))
                    Repeated++;
                else if (positions.TryGetValue(number, out var place) && (draw.First is null || draw.First + index == place))
                    recorded++;
                else
                    Lost++;
            }
        }

        Repeated += Interlocked.Exchange(ref mismatched, 0);
    }

    /// <summary>Verifies that the log is the one that was read in parts.</summary>
    public async Task VerifyLogAsync(HttpClient client) => Assert.Equal(
        log, (await client.FetchAsync("/pools/default/draws")).Expect(200).Lines.NumbersFrom(0));

    private void Add(long? first, long[] numbers)
    {
        received.Enqueue((first, numbers));
        Interlocked.Add(ref acknowledged, numbers.Length);
    }

    /// <summary>
    /// Sends the keys again that were not answered, and some that were, which must be replayed. The others are settled.
    /// </summary>
    private async Task RetryKeysAsync(HttpClient client)
    {
        var answered = 0;
        foreach (var (key, draw) in keys)
        {
            var isReplay = draw.Numbers is not null;
            if (isReplay && ++answered > KeysReplayed)
                continue;
            var answer = (await client.DrawAsync("default", draw.Count, key: key)).Success(201);
            if (isReplay && !answer.GetProperty("replayed").GetBoolean())
                Interlocked.Increment(ref mismatched);
            Acknowledge(key, answer.GetProperty("first").GetInt64(), answer.Numbers());
        }

        keys.Clear();
    }

    private async Task ReadLogAsync(HttpClient client)
    {
        var after = log.Count > 0 ? $"?after={log.Count - 1}" : "";
        foreach (var line in (await client.FetchAsync($"/pools/default/draws{after}")).Expect(200).Lines)
        {
            Assert.Equal(log.Count, line.GetProperty("first").GetInt64());
            var isSkipped = line.GetProperty("reference").GetString() == Skipped;
            foreach (var number in line.Numbers())
            {
                if (!isSkipped)
                    Assert.True(positions.TryAdd(number, log.Count), $"The log has {number} twice.");
                log.Add(number);
            }
        }
    }

    private sealed class KeyedDraw(int count)
    {
        public int Count => count;

        public long First { get; set; }

        public long[]? Numbers { get; set; }
    }
}
