using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>What has changed in the pools since the event before.</summary>
public sealed class PoolsEvent
{
    // The serializer sets members that are missing to null, whatever their initializers are.
    private static readonly Dictionary<string, long> NoProgress = [];

    /// <summary>Gets the time of the event, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Gets whether the event begins a description of all pools: forget what is known. It is the first event of each connection.
    /// </summary>
    [JsonPropertyName("first")]
    public bool IsFirst { get; init; }

    /// <summary>Gets whether the next event continues the description of all pools.</summary>
    [JsonPropertyName("more")]
    public bool HasMore { get; init; }

    /// <summary>Gets whether the server can't read the pools at the moment, so that what is known may be old.</summary>
    [JsonPropertyName("stale")]
    public bool IsStale { get; init; }

    /// <summary>Gets the pools that are new or have another state.</summary>
    public IReadOnlyList<WatchedPool> Pools { get => field ?? []; init; }

    /// <summary>Gets how many numbers are drawn, by the names of other pools.</summary>
    public IReadOnlyDictionary<string, long> Drawn { get => field ?? NoProgress; init; }

    /// <summary>Gets how many numbers are seeded, by the names of other pools in the state seeding.</summary>
    public IReadOnlyDictionary<string, long> Seeded { get => field ?? NoProgress; init; }
}
