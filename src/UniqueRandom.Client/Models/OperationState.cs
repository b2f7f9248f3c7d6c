using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>The state of a backup or a check.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationState>))]
public enum OperationState
{
    /// <summary>A state that this version of the client doesn't know, because the server is newer.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>There was none since the start of the server.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>It is running.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It has ended, and did what it should.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It has ended without a result.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
