using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>The state of a pool.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PoolState>))]
public enum PoolState
{
    /// <summary>A state that this version of the client doesn't know, because the server is newer.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>The order is being stored, and the pool can't be drawn from yet.</summary>
    [JsonStringEnumMemberName("seeding")]
    Seeding,

    /// <summary>The pool can be drawn from.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>The pool was closed permanently.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>Every number is drawn.</summary>
    [JsonStringEnumMemberName("exhausted")]
    Exhausted,
}
