namespace UniqueRandom.Client.Models;

/// <summary>Who the client is to the server, and what it may do.</summary>
public sealed class CallerStatus
{
    /// <summary>Gets the name of the access key; <see langword="null"/> on a server without keys.</summary>
    public required string? Name { get; init; }

    /// <summary>Gets the roles of the access key: <c>read</c>, <c>draw</c> and <c>admin</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }
}
