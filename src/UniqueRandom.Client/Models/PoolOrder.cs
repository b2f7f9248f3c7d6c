using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>Specifies whether the order of a pool is stored or computed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PoolOrder>))]
public enum PoolOrder
{
    /// <summary>A kind of order that this version of the client doesn't know, because the server is newer.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>A uniform shuffle that is stored when the pool is created.</summary>
    [JsonStringEnumMemberName("stored")]
    Stored,

    /// <summary>A keyed permutation of which nothing is stored, for very large ranges.</summary>
    [JsonStringEnumMemberName("computed")]
    Computed,
}
