namespace UniqueRandom.Benchmarks.Http;

/// <summary>A request that wrk makes by a script and not by its address alone.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Keys">What it has for an <c>Idempotency-Key</c>: none, a fresh one for each request, or always the same.</param>
/// <param name="Key">The key itself, or the beginning of the fresh ones.</param>
/// <param name="Body">The JSON it posts; null for none.</param>
internal sealed record WrkRequest(string Method, string Keys, string Key, string? Body)
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Http", "draws.lua");

    public static WrkRequest Get(string keys) => new("GET", keys, NewKey(), Body: null);

    public static WrkRequest Draw(int count, string keys) => new("POST", keys, NewKey(), $$"""{"count":{{count}}}""");

    /// <summary>The same request for another run, in which no key is known yet.</summary>
    public WrkRequest Again() => this with { Key = NewKey() };

    public IEnumerable<string> Arguments(string url) => ["-s", Script, url, "--", Method, Keys, Key, .. Body is null ? [] : new[] { Body }];

    /// <summary>With the 12 digits that the script counts up, a fresh key is as long as a UUID.</summary>
    private static string NewKey() => Guid.NewGuid().ToString("n")[..24];
}
