using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>An RFC 9457 problem.</summary>
internal sealed class Problem
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    // Otherwise it would be an extension.
    public int? Status { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement> Extensions { get; set; } = [];

    /// <summary>Reads the problem of a response; an empty one if a proxy has answered with something else.</summary>
    public static async ValueTask<Problem> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return new Problem();
        try
        {
            // Not as a stream, which can be read only once.
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(body, ClientJson.Default.Problem) ?? new Problem();
        }
        catch (JsonException)
        {
            return new Problem();
        }
    }
}
