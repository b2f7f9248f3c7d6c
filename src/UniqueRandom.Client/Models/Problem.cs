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

    /// <summary>Reads the problem of a response; an empty one if another server, such as a proxy, has responded.</summary>
    public static async ValueTask<Problem> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != MediaTypes.Problem)
            return new Problem();
        try
        {
            // Not as a stream, which can be read only once.
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            var problem = JsonSerializer.Deserialize(body, ClientJson.Default.Problem);
            return problem?.Type?.StartsWith(ProblemTypes.Prefix, StringComparison.Ordinal) == true ? problem : new Problem();
        }
        catch (JsonException)
        {
            return new Problem();
        }
    }
}
